using System.Reflection;
using Microsoft.ML;

namespace MlnetClip.MLNetInternals;

/// <summary>
/// The versions of Microsoft.ML whose internal members this folder uses. The version is checked before their first use, so that
/// another version gives an error message instead of a failure inside the runtime.
/// </summary>
internal static class MicrosoftMLVersion
{
    private static readonly Version Minimum = new(5, 0, 0);
    private static readonly Version Limit = new(6, 0, 0);
    private static readonly Lazy<string?> Found = new(() => Problem(Read(typeof(MLContext).Assembly)));

    /// <summary>The version in use, for example <c>5.0.0</c>.</summary>
    public static string Text => Read(typeof(MLContext).Assembly);

    /// <summary>Throws when the version in use is outside the range.</summary>
    /// <exception cref="NotSupportedException">The version is outside the range; the message has both.</exception>
    public static void Check()
    {
        if (Found.Value is { } problem) throw new NotSupportedException(problem);
    }

    /// <summary>The error for a version, or null when it is in range.</summary>
    /// <param name="informational">A version as packages write it: <c>5.0.0</c>, <c>5.0.1-preview.1+commit</c>.</param>
    internal static string? Problem(string informational)
    {
        bool known = Version.TryParse(informational.Split('-', '+')[0], out Version? found);
        if (known && found >= Minimum && found < Limit) return null;
        return $"MlnetClip needs Microsoft.ML from {Minimum} to below {Limit}, because saving and loading use internal members, "
            + $"but found Microsoft.ML '{informational}'.{Environment.NewLine}"
            + $"Hint: reference Microsoft.ML {Minimum}, or the version of MlnetClip for your Microsoft.ML.";
    }

    private static string Read(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
