using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class PredictTests
{
    [TestMethod]
    public void ForecastsWhatFollowsTheLastRow()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = Predict("--out", folder.File("forecast.csv"));
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, "Times after the last row continue by 7 days");
        string[] lines = File.ReadAllLines(folder.File("forecast.csv"));
        Assert.AreEqual("date,forecast", lines[0]);
        CollectionAssert.AreEqual(new[] { "20031101", "20031108", "20031115" }, lines[1..].Select(line => line.Split(',')[0]).ToArray());
        double[] found = [.. lines[1..].Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))], expected = Expected();
        for (int h = 0; h < expected.Length; h++) Assert.AreEqual(expected[h], found[h], 1e-6);
        Assert.IsLessThan("20031101,12.12345678".Length, lines[1].Length, "digits beyond single precision mean nothing");
        Assert.AreEqual(1, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void AHeaderIsNoFormula()
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(TrainedModel.Data).Replace("date,level", "=date,level", StringComparison.Ordinal);
        File.WriteAllText(folder.File("formula.csv"), text);
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", folder.File("formula.csv"), "--time", "=date").Succeeds().Output, "'=date,forecast\n20031101,");
    }

    [TestMethod]
    public void MemoryDoesNotGrowWithTheForecasts()
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("long.csv"), rows: 12_000);
        Predict(data); // what is allocated once
        long before = GC.GetAllocatedBytesForCurrentThread();
        Predict(data);
        long one = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        Predict(data, "--all", "--out", folder.File("all.csv"));
        long all = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(1 + ((12_000 - 23) * 3), File.ReadLines(folder.File("all.csv")).Count());

        // 35,931 forecast values in text would be over 2 MB; rows are read from objects of 24 bytes each.
        Assert.IsLessThan(one + 1_000_000, all);

        static ToolRun Predict(string data, params string[] more) => ToolRun.Of(["predict", "--model", TrainedModel.Model, "--data", data, .. more]).Succeeds();
    }

    [TestMethod]
    public void WithoutAFileTheTableGoesToStandardOutput() => StringAssert.StartsWith(Predict().Output, "date,forecast\n20031101,");

    [TestMethod]
    public void FromARowOnEachOriginIsNamed()
    {
        string[] lines = Predict("--from", "198").Output.TrimEnd('\n').Split('\n');
        Assert.AreEqual("origin,date,step,forecast", lines[0]);
        Assert.AreEqual(1 + (2 * 3), lines.Length);
        StringAssert.StartsWith(lines[1], "20031018,20031025,1,");
        StringAssert.StartsWith(lines[6], "20031025,20031115,3,");
    }

    [TestMethod]
    public void RowsWithoutAForecastAreLeftOutAndSaidSo()
    {
        ToolRun run = Predict("--all");
        StringAssert.Contains(run.Error, "23 rows have no forecast");
        Assert.AreEqual(1 + ((200 - 23) * 3) + 1, run.Output.Split('\n').Length);
    }

    [TestMethod]
    public void JsonHasTheForecast()
    {
        JsonElement json = Predict("--json").Json;
        Assert.AreEqual("forecasting", json.GetProperty("task").GetString());
        Assert.AreEqual("20031025", json.GetProperty("origin").GetString());
        JsonElement[] points = [.. json.GetProperty("forecast").EnumerateArray()];
        Assert.AreEqual("20031101", points[0].GetProperty("label").GetString());
        double[] expected = Expected();
        for (int h = 0; h < expected.Length; h++) Assert.AreEqual(expected[h], points[h].GetProperty("value").GetDouble(), 1e-6);
        Assert.AreEqual(0, json.GetProperty("last_value_age").GetInt32());
    }

    [TestMethod]
    public void TheAgeOfTheLastValueIsSaid()
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("gap.csv"), row => row >= 190 ? "" : null!);
        ToolRun run = ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", data, "--json").Succeeds();
        StringAssert.Contains(run.Error, "The last value is that of 20030816, 10 rows before the last row: the forecast takes it for the rows since.");
        Assert.AreEqual(10, run.Json.GetProperty("last_value_age").GetInt32());
    }

    [TestMethod]
    public void AWindowWithoutAnyValueHasNoForecast()
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("gap.csv"), row => row >= 140 ? "" : null!);
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", data).IsRefused(
            "There is no forecast at row 199", "the last value is that of 20020831, 60 rows before, and the model forecasts up to 23 rows after a value.", "--from 139", "--max-gap");
        ToolRun some = ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", data, "--from", "139", "--json").Succeeds();
        StringAssert.Contains(some.Error, "37 rows have no forecast and are omitted: the last value before them is more than the 23 rows of --max-gap away.");
        Assert.AreEqual((24, 37), (some.Json.GetProperty("rows").GetInt32(), some.Json.GetProperty("rows_without_forecast").GetInt32()));
    }

    [TestMethod]
    public void WithoutTimesRowsAreNumbered()
    {
        using var folder = new TemporaryFolder();
        ToolRun.Of(
            "train", "forecasting", "--data", TrainedModel.Data, "--value", "level", "--window", "6", "--horizon", "2", "--hidden", "2", "--epochs", "1",
            "--model", folder.File("model.zip")).Succeeds();
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", folder.File("model.zip"), "--data", TrainedModel.Data).Succeeds().Output, "row,forecast\n200,");
        StringAssert.StartsWith(Predict("--no-time").Output, "row,forecast\n200,");
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--time", "date", "--no-time").IsRefused("--time and --no-time");
    }

    [TestMethod]
    public void TooFewRowsAreRefused()
    {
        using var folder = new TemporaryFolder();
        string small = SeriesFile.Write(folder.File("small.csv"), rows: 23);
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", small, "--out", folder.File("out.csv")).IsRefused("once 24 rows have passed", "has 23 rows");
        Assert.IsFalse(File.Exists(folder.File("out.csv")));
    }

    [TestMethod]
    public void InputsAreNotOverwritten()
    {
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--out", TrainedModel.Model).IsRefused("must not be a file that the command reads");
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--all", "--from", "1").IsRefused("--all and --from");
    }

    private static ToolRun Predict(params string[] more) =>
        ToolRun.Of(["predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, .. more]).Succeeds();

    private static double[] Expected()
    {
        double[] history = [.. Enumerable.Range(0, SeriesFile.Rows).Select(row => SeriesFile.Value(row) ?? double.NaN)];
        return ((LstmForecastingTransformer)new MLContext().Model.Load(TrainedModel.Model, out _)).Forecast(history);
    }
}
