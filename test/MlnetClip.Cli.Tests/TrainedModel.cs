using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests;

/// <summary>One trained model that tests read and none changes.</summary>
[TestClass]
public static class TrainedModel
{
    private static readonly Lazy<(TemporaryFolder Folder, ToolRun Run)> Made = new(Train);

    /// <summary>The series it was trained on.</summary>
    public static string Data => Made.Value.Folder.File("series.csv");

    /// <summary>The model file.</summary>
    public static string Model => Made.Value.Folder.File("model.zip");

    /// <summary>The run that made it, with <c>--json</c>.</summary>
    internal static ToolRun Run => Made.Value.Run;

    [AssemblyCleanup]
    public static void Remove()
    {
        if (Made.IsValueCreated) Made.Value.Folder.Dispose();
    }

    private static (TemporaryFolder Folder, ToolRun Run) Train()
    {
        var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("series.csv"));
        return (folder, ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), "--json")).Succeeds());
    }
}
