using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Options from a file, and a file of a model's options.</summary>
[TestClass]
public sealed class ConfigTests
{
    [TestMethod]
    public void AModelIsTrainedAgainFromItsOptions()
    {
        using var folder = new TemporaryFolder();
        string data = StoresFile.Write(folder.File("stores.csv")), first = folder.File("first.zip"), second = folder.File("second.zip"), config = folder.File("config.json");
        JsonElement one = ToolRun.Of(
            ["train", "forecasting", .. StoresFile.Columns(data), .. StoresFile.Sizes, "--quantiles", "0.1,0.5,0.9", "--interval", "0.8", "--non-negative", "--schedule", "cosine", "--season", "7", "--seed", "3",
                "--patience", "4", "--holdout", "0.3", "--model", first, "--json"]).Succeeds().Json;
        ToolRun.Of("inspect", first, "--config", config).Succeeds();
        JsonElement two = ToolRun.Of("train", "forecasting", "--config", config, "--data", data, "--model", second, "--json").Succeeds().Json;
        Assert.AreEqual(one.GetProperty("targets").GetRawText(), two.GetProperty("targets").GetRawText());
        Assert.AreEqual(
            ToolRun.Of("inspect", first, "--json").Json.GetProperty("training").GetProperty("options").GetRawText(),
            ToolRun.Of("inspect", second, "--json").Json.GetProperty("training").GetProperty("options").GetRawText());
    }

    [TestMethod]
    public void ASearchAndABacktestTakeTheOptionsOfAModelToo()
    {
        using var folder = new TemporaryFolder();
        string config = folder.File("config.json");
        ToolRun.Of("inspect", TrainedModel.Model, "--config", config).Succeeds();
        ToolRun backtest = ToolRun.Of("backtest", "--config", config, "--data", TrainedModel.Data, "--folds", "1").Succeeds();
        StringAssert.Contains(backtest.Error, $"'holdout' in {config} is ignored: it is an option of train, and mlnetclip backtest does not have it.");
        ToolRun search = ToolRun.Of("tune", "forecasting", "--config", config, "--data", TrainedModel.Data, "--trials", "2", "--epochs", "1").Succeeds();
        StringAssert.Contains(search.Error, $"'clip' in {config} is ignored: it is an option of train, and mlnetclip tune forecasting does not have it.");
        File.WriteAllText(config, """{"fold-row": 3}""");
        ToolRun.Of("backtest", "--config", config).IsRefused("has 'fold-row', which is no option of mlnetclip backtest.", "did you mean 'fold-rows'?");
    }

    [TestMethod]
    public void ARegressionToo()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("data.csv"), first = folder.File("first.zip"), config = folder.File("config.json");
        File.WriteAllLines(data, ["a,b,y", .. Enumerable.Range(0, 40).Select(i => $"{i % 7},{i % 3},{(i % 7) + (i % 3)}")]);
        JsonElement one = ToolRun.Of("train", "regression", "--data", data, "--label", "y", "--hidden", "3", "--epochs", "2", "--loss", "huber:1", "--model", first, "--json").Succeeds().Json;
        ToolRun.Of("inspect", first, "--config", config).Succeeds();
        Assert.AreEqual("huber:1", JsonDocument.Parse(File.ReadAllText(config)).RootElement.GetProperty("loss").GetString());
        JsonElement two = ToolRun.Of("train", "regression", "--config", config, "--data", data, "--model", folder.File("second.zip"), "--json").Succeeds().Json;
        Assert.AreEqual(one.GetProperty("metrics").GetRawText(), two.GetProperty("metrics").GetRawText());
    }

    [TestMethod]
    public void AModelOverSequencesToo()
    {
        using var folder = new TemporaryFolder();
        string csv = Path.Combine(RepositoryFiles.Root, "samples", "data", "digits.csv"), first = folder.File("first.zip"), config = folder.File("config.json");
        JsonElement one = ToolRun.Of(
            "train", "classification", "--data", csv, "--no-header", "--label", "65", "--features-per-step", "8", "--cell", "gru", "--bidirectional", "--normalize", "false", "--pooling", "mean",
            "--hidden", "4", "--epochs", "1", "--model", first, "--json").Succeeds().Json;
        ToolRun.Of("inspect", first, "--config", config).Succeeds();
        JsonElement two = ToolRun.Of("train", "classification", "--config", config, "--data", csv, "--model", folder.File("second.zip"), "--json").Succeeds().Json;
        Assert.AreEqual(one.GetProperty("metrics").GetRawText(), two.GetProperty("metrics").GetRawText());
        Assert.AreEqual(false, JsonDocument.Parse(File.ReadAllText(config)).RootElement.GetProperty("normalize").GetBoolean());
    }

    [TestMethod]
    public void FlagsOverrideTheFile()
    {
        using var folder = new TemporaryFolder();
        string config = folder.File("config.json"), model = folder.File("model.zip");
        File.WriteAllText(config, $$"""
            { // names are those of the flags
              "data": {{JsonSerializer.Serialize(TrainedModel.Data)}}, "value": "level", "window": 24, "horizon": 3, "hidden": 4, "epochs": 2, "learning_rate": 0.001,
              "model": {{JsonSerializer.Serialize(model)}}, "json": true,
            }
            """);
        Assert.AreEqual(1, ToolRun.Of("train", "forecasting", "--epochs", "1", "--config", config).Succeeds().Json.GetProperty("epochs").GetInt32());
        JsonElement options = ToolRun.Of("inspect", model, "--json").Succeeds().Json.GetProperty("training").GetProperty("options");
        Assert.AreEqual("0.001", options.GetProperty("LearningRate").GetString());
    }

    [TestMethod]
    [DataRow("""{"windw": 24}""", "has 'windw', which is no option of mlnetclip train forecasting.", "Hint: did you mean 'window'?")]
    [DataRow("""{"window": 1}""", "--window must be a whole number, 2 or more, but was '1'.", "")]
    [DataRow("""{"window": {"a": 1}}""", "'window' must be a text, a number, true or false, or a list of texts or numbers, but was {\"a\": 1}.", "")]
    [DataRow("""{"json": "perhaps"}""", "perhaps", "")]
    [DataRow("[1]", "must be a JSON object, but is array.", "Hint: ")]
    [DataRow("{", "is not JSON: ", "")]
    public void WrongFilesAreRefused(string text, string first, string second)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), text);
        ToolRun.Of("train", "forecasting", "--data", TrainedModel.Data, "--target", "level", "--horizon", "3", "--model", folder.File("model.zip"), "--config", folder.File("config.json")).IsRefused(first, second);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void HelpIsPrintedWithoutTheFile() =>
        Assert.AreEqual(ToolRun.Of("train", "forecasting", "--help").Succeeds().Output, ToolRun.Of("train", "forecasting", "--config", "nosuch.json", "--help").Succeeds().Output);

    [TestMethod]
    public void AMissingFileIsRefused() => ToolRun.Of("evaluate", "--config", "nosuch.json").IsRefused("--config must be a JSON file that exists, but there is no 'nosuch.json'.");
}
