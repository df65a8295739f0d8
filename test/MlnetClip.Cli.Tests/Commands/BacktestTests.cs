using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class BacktestTests
{
    [TestMethod]
    public void EveryFoldIsTrainedAndEvaluated()
    {
        ToolRun run = Backtest("--folds", "3", "--fold-rows", "10", "--json").Succeeds();
        JsonElement json = run.Json;
        JsonElement[] folds = [.. json.GetProperty("folds").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { 170, 180, 190 }, folds.Select(fold => fold.GetProperty("rows_before").GetInt32()).ToArray());
        Assert.AreEqual(3, json.GetProperty("fits").GetInt32());
        JsonElement target = json.GetProperty("targets")[0];
        Assert.AreEqual("level", target.GetProperty("target").GetString());
        Assert.AreEqual(3, target.GetProperty("rmse_by_step").GetArrayLength());
        Assert.AreEqual(folds.Sum(fold => fold.GetProperty("targets")[0].GetProperty("pairs").GetInt64()), target.GetProperty("pairs").GetInt64());
        StringAssert.Contains(run.Error, "fold 3, after 190 rows, trained on 190 rows");
    }

    [TestMethod]
    public void OneFitCanServeAllFoldsOfASlidingWindow()
    {
        JsonElement json = Backtest("--folds", "3", "--refit-every", "0", "--train-rows", "100", "--json").Succeeds().Json;
        Assert.AreEqual(1, json.GetProperty("fits").GetInt32());
        Assert.AreEqual(100, json.GetProperty("folds")[2].GetProperty("training_rows").GetInt32());
        string text = Backtest("--folds", "2", "--refit-every", "0").Succeeds().Output;
        foreach (string words in new[] { "Backtest of 'level'", "rows before", "(as before)", "best naive RMSE", "1 fit" }) StringAssert.Contains(text, words);
    }

    [TestMethod]
    public void SeveralSeriesAreBacktestedTogether()
    {
        using var folder = new TemporaryFolder();
        string data = StoresFile.Write(folder.File("stores.csv"));
        JsonElement json = ToolRun.Of(["backtest", .. StoresFile.Columns(data), .. StoresFile.Sizes, "--folds", "2", "--fold-rows", "5", "--interval", "0.8", "--json"]).Succeeds().Json;
        Assert.AreEqual("visits", json.GetProperty("targets")[1].GetProperty("target").GetString());
        Assert.AreEqual(JsonValueKind.Number, json.GetProperty("targets")[0].GetProperty("coverage").ValueKind);
    }

    [TestMethod]
    public void MoreFoldsThanRowsAreRefused() => Backtest("--folds", "30", "--fold-rows", "10").IsRefused("--folds");

    private static ToolRun Backtest(params string[] more) => ToolRun.Of(
    [
        "backtest", "--data", TrainedModel.Data, "--target", "level", "--time", "date", "--season", "12", "--window", "24", "--horizon", "3", "--hidden", "4", "--epochs", "1", .. more,
    ]);
}
