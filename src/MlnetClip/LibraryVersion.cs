using System.Reflection;

namespace MlnetClip;

/// <summary>The version of this library, as stored in models.</summary>
internal static class LibraryVersion
{
    /// <summary>For example <c>0.1.0</c>, without the commit.</summary>
    public static string Text { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
