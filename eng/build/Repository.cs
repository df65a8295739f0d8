namespace MlnetClip.Build;

/// <summary>Paths in this clone.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution: the nearest folder above this program that holds it.</summary>
    public static string Root { get; } = FindRoot();

    public static string Solution => At("MlnetClip.sln");

    /// <summary>A path below the root.</summary>
    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlnetClip.sln"))) return folder.FullName;
        throw new BuildException($"MlnetClip.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
