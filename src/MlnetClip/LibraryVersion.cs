using System.Reflection;

namespace MlnetClip;

/// <summary>The version of this library, as it goes into models.</summary>
internal static class LibraryVersion
{
    /// <summary>For example <c>0.1.0</c>; the commit is left out.</summary>
    public static string Text { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
