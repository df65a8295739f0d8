namespace MlnetClip.TestKit;

/// <summary>The sources of this repository, for tests about them.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds MlnetClip.sln, found above the tests.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MlnetClip.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"MlnetClip.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
