using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>Reports of forecasters of several series and targets.</summary>
[TestClass]
public sealed partial class ManySeriesReportTests
{
    private const int Days = 80, FirstDay = 60;

    [TestMethod]
    public void EverySeriesAndTargetIsDrawnWithItsFigures()
    {
        string html = Report(stores: 3);

        foreach (string target in new[] { "1", "2" })
        {
            foreach (string chart in new[] { "forecasts", "residuals" })
            {
                int[] choices = [.. Items(html, $"{chart}-{target}").Select(item => item.TryGetProperty("choice", out JsonElement choice) ? choice.GetInt32() : -1).Distinct().Order()];
                Assert.AreSequenceEqual(chart == "forecasts" ? [0, 1, 2] : new[] { 0, 1, 2, 3 }, choices, chart);
            }

            Assert.AreSequenceEqual(new[] { "store 0000", "store 0001", "store 0002" }, Choices(html, $"forecasts-{target}"));
            Assert.AreSequenceEqual(new[] { "all series", "store 0000", "store 0001", "store 0002" }, Choices(html, $"residuals-{target}"));
        }

        foreach (string target in new[] { "Sales", "Visits" }) StringAssert.Contains(html, $"{target}: errors of each series");
        double[] levels = [.. Items(html, "forecasts-1").Where(item => item.GetProperty("name").GetString() == "actual").Select(item => item.GetProperty("y")[0].GetDouble())];
        Assert.IsLessThan(200, levels[0]);
        Assert.IsGreaterThan(250, levels[2]);
    }

    [TestMethod]
    public void TheFiguresOfASeriesAreItsOwn()
    {
        using var folder = new TemporaryFolder();
        LstmForecastingTransformer model = Fit(2, out IDataView data);
        ForecastEvaluationOptions columns = ForecastEvaluationOptions.Of(model, "Sales");
        columns.FirstTime = new DateTime(2024, 1, 1).AddDays(FirstDay);
        ForecastScores scores = Reported.Context.Forecasting.Evaluate(model.Transform(data), columns);

        string html = Save(model, data, folder);

        foreach ((string name, ForecastScores one) in scores.BySeries) StringAssert.Contains(html, $"<th scope=\"row\">{name}</th><td>{Words.Number(one.Model.Mae)}</td><td>{Words.Number(one.Model.Rmse)}</td>");
        JsonElement[] bars = [.. Items(html, "residuals-1").Where(item => item.GetProperty("type").GetString() == "bar")];
        double[] rows = [.. bars.Select(bar => bar.GetProperty("y").EnumerateArray().Sum(count => count.GetDouble()))];
        Assert.AreSequenceEqual(new double[] { 2 * (Days - FirstDay - 1), Days - FirstDay - 1, Days - FirstDay - 1 }, rows);
    }

    [TestMethod]
    public void OfThousandsOfSeriesTheWorstAndTheBestAreShownInASmallFile()
    {
        string html = Report(stores: 2000);

        string[] shown = Choices(html, "forecasts-1");
        Assert.HasCount(12, shown);
        StringAssert.Contains(html, "12 of 2,000 series are shown: the 8 with the largest errors relative to those of the last value, and the 4 with the smallest.");
        StringAssert.Contains(html, "Sales: the 100 of 2,000 series with the largest errors relative to those of the last value");
        Assert.IsLessThan(2_500_000, html.Length, "Plotly's script alone has 0.9 million characters.");
    }

    [TestMethod]
    public void AKeyColumnNamesItsSeries()
    {
        using var folder = new TemporaryFolder();
        IDataView rows = Reported.Context.Data.LoadFromEnumerable(StoreDay.Rows(2, Days));
        IDataView data = Reported.Context.Transforms.Conversion.MapValueToKey("Store").Fit(rows).Transform(rows);

        string html = Save(Trainer().Fit(data), data, folder);

        Assert.AreSequenceEqual(new[] { "store 0000", "store 0001" }, Choices(html, "forecasts-1"));
    }

    private static string Report(int stores)
    {
        using var folder = new TemporaryFolder();
        LstmForecastingTransformer model = Fit(stores, out IDataView data);
        return Save(model, data, folder);
    }

    private static string Save(LstmForecastingTransformer model, IDataView data, TemporaryFolder folder)
    {
        model.SaveReport(folder.File("report.html"), new ReportOptions { EvaluationData = data, FirstTime = new DateTime(2024, 1, 1).AddDays(FirstDay) });
        return File.ReadAllText(folder.File("report.html"));
    }

    /// <summary>A forecaster of some stores, trained on the first two of them.</summary>
    internal static LstmForecastingTransformer Fit(int stores, out IDataView data)
    {
        data = Reported.Context.Data.LoadFromEnumerable(StoreDay.Rows(stores, Days));
        return Trainer().Fit(Reported.Context.Data.LoadFromEnumerable(StoreDay.Rows(2, FirstDay)));
    }

    private static IEstimator<LstmForecastingTransformer> Trainer() => Reported.Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        OutputColumnName = "Forecast", TargetColumnNames = ["Sales", "Visits"], GroupColumnName = "Store", TimeColumnName = "Day", WindowSize = 7, Horizon = 3, HiddenSize = 4, NumberOfEpochs = 2,
        LinearPart = LinearPartUse.None,
    });

    private static string[] Choices(string html, string chart) =>
        [.. Option().Matches(Regex.Match(html, $"<select id=\"{chart}-choice\">(.*?)</select>").Groups[1].Value).Select(option => option.Groups[1].Value)];

    /// <summary>The lines, areas and marks of a chart.</summary>
    private static JsonElement[] Items(string html, string chart) =>
        [.. JsonDocument.Parse(Regex.Match(html, $"<script type=\"application/json\" id=\"{chart}-data\">(.*?)</script>").Groups[1].Value).RootElement.GetProperty("data").EnumerateArray()];

    [GeneratedRegex("<option>(.*?)</option>")]
    private static partial Regex Option();
}
