using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class EvaluateTests
{
    [TestMethod]
    public void ReproducesTheNumbersOfTrain()
    {
        JsonElement trained = TrainedModel.Run.Json;
        JsonElement evaluated = Evaluate("--json").Json;
        CollectionAssert.AreEqual(Names(trained), Names(evaluated));
        foreach (string name in Names(trained).Where(name => name != "seconds"))
            Assert.AreEqual(trained.GetProperty(name).GetRawText(), evaluated.GetProperty(name).GetRawText(), name);
    }

    [TestMethod]
    public void ForPeopleItIsATable() => StringAssert.Contains(Evaluate().Output, "LSTM, norm:1");

    [TestMethod]
    public void FromAndSeasonCanBeNamed()
    {
        JsonElement evaluation = Evaluate("--from", "180", "--season", "6", "--json").Json.GetProperty("evaluation");
        Assert.AreEqual(180, evaluation.GetProperty("from").GetInt32());
        Assert.AreEqual(6, evaluation.GetProperty("season").GetInt32());
        Assert.AreEqual(19, evaluation.GetProperty("origins").GetInt32());
        Assert.AreEqual((3 * 17) + 2 + 1, evaluation.GetProperty("pairs").GetInt32());
    }

    [TestMethod]
    public void RowsThatWereTrainedOnAreWarnedOf()
    {
        ToolRun run = Evaluate("--from", "150", "--json");
        StringAssert.Contains(run.Error, "warning: the model was trained on rows 150 to 159");
        Assert.AreEqual(10, run.Json.GetProperty("evaluation").GetProperty("trained_rows").GetInt32());
        Assert.AreEqual(0, run.Json.GetProperty("evaluation").GetProperty("skipped").GetInt32());
        Assert.AreEqual("", Evaluate("--from", "160").Error);
        Assert.IsFalse(Evaluate("--from", "150").Output.Contains("Held-out", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        string other = SeriesFile.Write(folder.File("other.csv"), row => row == 0 ? "5" : null!);
        Assert.AreEqual("", Evaluate(other, "--from", "150").Error, "other data");
    }

    [TestMethod]
    public void ForecastsThatAreLeftOutAreCounted()
    {
        // The first 23 rows have no forecast, and the seasonal forecasts are there from row 12 on.
        ToolRun run = Evaluate("--from", "0", "--json");
        Assert.IsGreaterThan(20, run.Json.GetProperty("evaluation").GetProperty("skipped").GetInt32());
        StringAssert.Contains(Evaluate("--from", "0").Output, "have no finite forecast and are excluded");
    }

    [TestMethod]
    public void APipelineThatChangesTheColumnIsRefused()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, SeriesFile.Rows).Select(row => new Row { Level = (float)(SeriesFile.Value(row) ?? 0) }));
        var pipeline = mlContext.Transforms.NormalizeMinMax("level")
            .Append(mlContext.Forecasting.ForecastByLstm("Forecast", "level", windowSize: 24, horizon: 3, numberOfEpochs: 1));
        mlContext.Model.Save(pipeline.Fit(data), data.Schema, folder.File("chain.zip"));
        ToolRun.Of("evaluate", "--model", folder.File("chain.zip"), "--data", TrainedModel.Data, "--value", "level", "--from", "160").IsRefused("changes the column 'level' itself");
        ToolRun.Of("predict", "--model", folder.File("chain.zip"), "--data", TrainedModel.Data, "--value", "level").IsRefused("changes the column 'level' itself");
    }

    [TestMethod]
    public void WhatIsNotKnownIsNull() =>
        Assert.AreEqual(JsonValueKind.Null, Evaluate("--from", "0", "--json").Json.GetProperty("metrics").GetProperty("mase").ValueKind);

    [TestMethod]
    public void OtherDataAreToldApart()
    {
        using var folder = new TemporaryFolder();
        string other = SeriesFile.Write(folder.File("other.csv"), row => row == 0 ? "5" : null!);
        StringAssert.Contains(Evaluate(other).Error, "warning: the first 160 values");
        Assert.AreEqual("", Evaluate(TrainedModel.Data).Error);
    }

    [TestMethod]
    public void ARowMustBeThere()
    {
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--from", "200").IsRefused("--from must be below the 200 rows", "counted from 0");
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--from", "199").IsRefused("no row of", "after row 199");
        using var folder = new TemporaryFolder();
        string small = SeriesFile.Write(folder.File("small.csv"), rows: 160);
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", small).IsRefused("no row is left to evaluate", "--from");
    }

    [TestMethod]
    public void ColumnsCanBeNamedAnew()
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(TrainedModel.Data).Replace("date,level", "when,what", StringComparison.Ordinal);
        File.WriteAllText(folder.File("renamed.csv"), text);
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", folder.File("renamed.csv")).IsRefused("there is no 'level'");
        JsonElement json = Evaluate(folder.File("renamed.csv"), "--value", "what", "--time", "when", "--json").Json;
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("metrics").GetRawText(), json.GetProperty("metrics").GetRawText());
    }

    private static ToolRun Evaluate(params string[] more) =>
        more.Length > 0 && more[0].EndsWith(".csv", StringComparison.Ordinal)
            ? ToolRun.Of(["evaluate", "--model", TrainedModel.Model, "--data", .. more]).Succeeds()
            : ToolRun.Of(["evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, .. more]).Succeeds();

    private sealed class Row
    {
        [ColumnName("level")]
        public float Level { get; set; }
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}
