using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlnetClip.Cli.Output;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests;

/// <summary>docs/cli.md and README.md tell of the tool as it is.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "cli.md"));

    [TestMethod]
    public void EveryNameOfTheJsonIsDescribed()
    {
        JsonElement inspected = ToolRun.Of("inspect", TrainedModel.Model, "--json").Succeeds().Json;
        JsonElement predicted = ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--json").Succeeds().Json;
        JsonElement trained = TrainedModel.Run.Json;
        JsonElement tuned = ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, "--json")).Succeeds().Json;
        JsonElement backtest = ToolRun.Of("backtest", "--data", TrainedModel.Data, "--target", "level", "--window", "24", "--horizon", "3", "--hidden", "2", "--epochs", "1", "--folds", "1", "--json").Succeeds().Json;
        using var folder = new TemporaryFolder();
        JsonElement exported = ToolRun.Of("export", "--model", TrainedModel.Model, "--onnx", folder.File("model.onnx"), "--json").Succeeds().Json;
        JsonElement[] objects = [exported, exported.GetProperty("inputs")[0], backtest, backtest.GetProperty("folds")[0], backtest.GetProperty("targets")[0], tuned, tuned.GetProperty("best"), tuned.GetProperty("trials"), tuned.GetProperty("calibration"), tuned.GetProperty("noise"), trained, trained.GetProperty("gradients"), trained.GetProperty("evaluation"), trained.GetProperty("baselines"), inspected, predicted];
        foreach (string name in objects.SelectMany(o => o.EnumerateObject()).Select(p => p.Name))
            StringAssert.Contains(Page, $"`{name}`");
    }

    [TestMethod]
    [DataRow("docs/cli.md")]
    [DataRow("README.md")]
    public void EveryCommandParses(string file)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)).Replace("\\\n", " ", StringComparison.Ordinal);
        Command root = Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null));
        string[] commands = [.. CommandLine().Matches(text).Select(match => match.Groups[1].Value.Trim())];
        Assert.IsGreaterThanOrEqualTo(4, commands.Length);
        foreach (string command in commands) Assert.AreEqual(0, root.Parse(command).Errors.Count, command);
    }

    [GeneratedRegex(@"^    (?:mlnetclip|dotnet run -c Release --project src/MlnetClip.Cli --) (.+)$", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
