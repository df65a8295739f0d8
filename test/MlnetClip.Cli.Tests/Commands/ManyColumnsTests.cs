using System.Text.Json;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Forecasters of several columns and series: train, evaluate, predict, inspect and tune.</summary>
[TestClass]
public sealed class ManyColumnsTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = StoresFile.Write(Folder.File("stores.csv"));
    private static readonly string Model = Folder.File("stores.zip");
    private static readonly Lazy<ToolRun> Trained = new(() => ToolRun.Of(
        ["train", "forecasting", .. StoresFile.Columns(Data), .. StoresFile.Sizes, "--quantiles", "0.1,0.5,0.9", "--interval", "0.8", "--model", Model, "--json"]).Succeeds());

    [ClassCleanup]
    public static void Remove() => Folder.Dispose();

    [TestMethod]
    public void EveryTargetIsTrainedAndEvaluated()
    {
        JsonElement json = Trained.Value.Json;
        StringAssert.Contains(Trained.Value.Error, "Training on the first 192 of 246 rows of ");
        StringAssert.Contains(Trained.Value.Error, "(2 series, each up to its own cut)");
        JsonElement[] targets = [.. json.GetProperty("targets").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { "sales", "visits" }, targets.Select(target => target.GetProperty("target").GetString()).ToArray());
        Assert.AreEqual(json.GetProperty("metrics").GetProperty("rmse").GetDouble(), targets[0].GetProperty("metrics").GetProperty("rmse").GetDouble());
        Assert.AreEqual(2, json.GetProperty("evaluation").GetProperty("series").GetInt32());
        Assert.AreEqual(2 * 23, json.GetProperty("evaluation").GetProperty("origins").GetInt32());
        JsonElement evaluated = ToolRun.Of("evaluate", "--model", Model, "--data", Data, "--json").Succeeds().Json;
        Assert.AreEqual(json.GetProperty("targets").GetRawText(), evaluated.GetProperty("targets").GetRawText());
        Assert.AreEqual(3, targets[1].GetProperty("rmse_by_step").GetArrayLength());
        Assert.AreEqual(0.9, targets[1].GetProperty("quantiles")[2].GetProperty("level").GetDouble());
        Assert.IsGreaterThan(0, targets[1].GetProperty("quantiles")[2].GetProperty("pinball_loss").GetDouble());
        Assert.IsTrue(targets[1].GetProperty("coverage").GetDouble() is >= 0 and <= 1);
        string text = ToolRun.Of("evaluate", "--model", Model, "--data", Data).Succeeds().Output;
        string[] expected =
        [
            "Held-out error of 'sales', 3 rows ahead", "Held-out error of 'visits'", "Evaluated at 46 rows of 2 series", "RMSE of the first step ", "Quantile 0.1: pinball loss ",
            "of the values are at or below it.", "of the values are between the bounds, which are ",
        ];
        foreach (string words in expected) StringAssert.Contains(text, words);
    }

    [TestMethod]
    public void ThePlanIsForecastWithAColumnForEachValue()
    {
        _ = Trained.Value;
        ToolRun run = ToolRun.Of("predict", "--model", Model, "--data", Data).Succeeds();
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.AreEqual(
            "store,day,forecast.sales,forecast.sales.q0.1,forecast.sales.q0.5,forecast.sales.q0.9,lower.sales,upper.sales,"
            + "forecast.visits,forecast.visits.q0.1,forecast.visits.q0.5,forecast.visits.q0.9,lower.visits,upper.visits", lines[0]);
        CollectionAssert.AreEqual(
            new[] { "A,2024-04-30", "A,2024-05-01", "A,2024-05-02", "B,2024-04-30", "B,2024-05-01", "B,2024-05-02" }, lines[1..].Select(line => string.Join(',', line.Split(',')[..2])).ToArray());
        foreach (string line in lines[1..])
        {
            double[] values = [.. line.Split(',')[2..].Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.IsTrue(values[4] <= values[1] && values[1] <= values[0] && values[0] == values[2] && values[2] <= values[3] && values[3] <= values[5], line);
            Assert.AreEqual(line[0] == 'A' ? 13 : 1003, values[0], 12);
            Assert.IsLessThanOrEqualTo(7, line.Split(',')[2].Split('.')[1].Length, "digits beyond single precision mean nothing");
        }

        JsonElement json = ToolRun.Of("predict", "--model", Model, "--data", Data, "--json").Succeeds().Json;
        JsonElement b = json.GetProperty("series")[1];
        Assert.AreEqual("B", b.GetProperty("name").GetString());
        Assert.AreEqual("2024-04-29", b.GetProperty("origin").GetString());
        Assert.AreEqual(3, b.GetProperty("values").GetProperty("upper.visits").GetArrayLength());
    }

    [TestMethod]
    public void APlanThatIsTooShortIsSaid()
    {
        _ = Trained.Value;
        string data = StoresFile.Write(Folder.File("short.csv"), plan: 1);
        ToolRun run = ToolRun.Of("predict", "--model", Model, "--data", data).Succeeds();
        StringAssert.Contains(run.Error, "2 forecasts have fewer than 3 steps, because the rows to forecast, with their future covariates, are not all in the file.");
        Assert.HasCount(3, run.Output.TrimEnd('\n').Split('\n'));
        ToolRun.Of("predict", "--model", Model, "--data", StoresFile.Write(Folder.File("none.csv"), plan: 0))
            .IsRefused("the model reads 'holiday' of the rows to forecast, and the file has no rows after the last value.", "Hint: append the rows to forecast");
    }

    [TestMethod]
    public void FromARowOnEachSeriesCountsItsOwnRows()
    {
        _ = Trained.Value;
        string[] lines = ToolRun.Of("predict", "--model", Model, "--data", Data, "--from", "118").Succeeds().Output.TrimEnd('\n').Split('\n');
        StringAssert.StartsWith(lines[0], "store,origin,day,step,forecast.sales,");
        StringAssert.StartsWith(lines[1], "A,2024-04-28,2024-04-29,1,");
        Assert.HasCount(1 + (2 * 2 * 3), lines);
    }

    [TestMethod]
    public void InspectShowsTheColumns()
    {
        _ = Trained.Value;
        string text = ToolRun.Of("inspect", Model).Succeeds().Output;
        foreach (string words in new[]
        {
            "from 'sales', 'visits' to 'Forecast.sales', 'Forecast.sales.q0.1'", "past covariates 'weather'", "future covariates 'holiday'", "static covariates 'size'",
            "calendar from 'day'", "2 series by 'store': A, B", "value columns 'sales', 'visits'",
        })
        {
            StringAssert.Contains(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), words);
        }

        JsonElement json = ToolRun.Of("inspect", Model, "--json").Succeeds().Json;
        Assert.AreEqual("store", json.GetProperty("columns").GetProperty("group").GetString());
        Assert.AreEqual(3, json.GetProperty("quantiles").GetArrayLength());
    }

    [TestMethod]
    public void MicrosoftMLLoadsTheModel()
    {
        _ = Trained.Value;
        var forecaster = (LstmForecastingTransformer)new MLContext().Model.Load(Model, out DataViewSchema schema);
        Assert.AreEqual("DateTime", schema["day"].Type.ToString());
        CollectionAssert.Contains(forecaster.OutputColumnNames.ToArray(), "Lower.visits");
    }

    [TestMethod]
    public void ASearchReadsTheSameColumns()
    {
        JsonElement json = ToolRun.Of(
            ["tune", "forecasting", .. StoresFile.Columns(Data), .. StoresFile.Sizes, "--trials", "4", "--workers", "2", "--model", Folder.File("tuned.zip"), "--json"]).Succeeds().Json;
        Assert.AreEqual("visits", json.GetProperty("targets")[1].GetProperty("target").GetString());
        ToolRun.Of("predict", "--model", Folder.File("tuned.zip"), "--data", Data).Succeeds();
    }

    [TestMethod]
    public void TheSeasonIsThatOfTheScaling()
    {
        string model = Folder.File("seasonal.zip");
        string[] train = ["train", "forecasting", "--data", Data, "--target", "sales", "--group", "store", "--scaling", "SeasonalDifference", .. StoresFile.Sizes, "--model", model];
        ToolRun.Of(train).IsRefused("--season must be set for --scaling SeasonalDifference");
        ToolRun.Of([.. train, "--season", "7"]).Succeeds();
        Assert.AreEqual("7", ToolRun.Of("inspect", model, "--json").Json.GetProperty("training").GetProperty("options").GetProperty("SeasonLength").GetString());
    }

    [TestMethod]
    [DataRow(new[] { "--target", "sales,sales" }, "--target must name each column once, but 'sales' occurs twice.")]
    [DataRow(new[] { "--target", "sales," }, "--target must be names of columns joined by commas, but one is empty in 'sales,'.")]
    [DataRow(new[] { "--target", "sales", "--past", "sales" }, "--target and --past must name different columns, but both name 'sales'.")]
    [DataRow(new[] { "--target", "sales", "--future", "store" }, "is not a number, true or false.")]
    [DataRow(new[] { "--target", "sales", "--past", "wether" }, "--past must name a column of ")]
    [DataRow(new[] { "--target", "sales", "--quantiles", "0.1,0.9" }, "--quantiles must contain 0.5")]
    [DataRow(new[] { "--target", "sales", "--interval", "1" }, "--interval must be a number, above 0 and below 1, but was '1'.")]
    [DataRow(new[] { "--target", "sales", "--calendar", "moon" }, "--calendar: must be none, auto, or of HourOfDay, DayOfWeek, MonthOfYear, DayOfYear joined by commas, but was 'moon'.")]
    [DataRow(new[] { "--target", "sales", "--calendar", "DayOfWeek" }, "--calendar must be null without --time")]
    [DataRow(new[] { "--target", "sales", "--time", "day" }, "Hint: name the column that tells the series apart (store, region, sensor and the like) with --group")]
    public void WrongColumnsAreRefused(string[] wrong, string problem)
    {
        ToolRun.Of(["train", "forecasting", "--data", Data, .. StoresFile.Sizes, "--model", Folder.File("wrong.zip"), .. wrong]).IsRefused(problem);
        Assert.IsFalse(File.Exists(Folder.File("wrong.zip")));
    }

    [TestMethod]
    public void AModelIsGivenTheColumnsThatItReads()
    {
        _ = Trained.Value;
        string[] predict = ["predict", "--model", Model, "--data", Data];
        ToolRun.Of([.. predict, "--target", "sales"]).IsRefused("--target must name 2 columns for the model", "which reads sales,visits, but was 'sales'.");
        ToolRun.Of([.. predict, "--no-time"]).IsRefused("--time must name the column of times, because the model", "reads the calendar from it");
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--group", "date").IsRefused("--group must not be given", "was trained on a single series");
        string unseen = File.ReadAllText(Data).Replace("\nB,", "\nC,", StringComparison.Ordinal);
        File.WriteAllText(Folder.File("unseen.csv"), unseen);
        StringAssert.Contains(ToolRun.Of("predict", "--model", Model, "--data", Folder.File("unseen.csv")).Succeeds().Output, "\nC,2024-04-30,");
    }
}
