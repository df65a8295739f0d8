using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Evaluation;

[TestClass]
public sealed class ForecastEvaluationCatalogTests
{
    private static readonly MLContext MLContext = new();

    [TestMethod]
    public void ReadsTheColumnsOfAView()
    {
        float[] series = [1, 2, 4, 8, float.NaN, 32];
        IDataView data = View(series.Select((value, i) => new Scored { Value = value, Forecast = [10 * i, 10 * i + 1] }));
        ForecastScores scores = MLContext.Forecasting.Evaluate(data, nameof(Scored.Value), nameof(Scored.Forecast), firstRow: 3, season: 2);
        ForecastScores expected = ForecastEvaluation.Evaluate([1, 2, 4, 8, double.NaN, 32], [30, 31, 40, 41, 50, 51], new ForecastProtocol(3, 2, 2));
        Assert.AreEqual(expected, scores);
        Assert.AreEqual(2, scores.Pairs);
    }

    [TestMethod]
    public void ColumnsAreChecked()
    {
        IDataView data = View([new Scored { Value = 1, Forecast = [1, 2] }]);
        Fails("Could not find label column 'None'", () => MLContext.Forecasting.Evaluate(data, "None", "Forecast", 0));
        Fails("Could not find score column 'Forcast'" + Environment.NewLine + "Hint: did you mean 'Forecast'?", () => MLContext.Forecasting.Evaluate(data, "Value", "Forcast", 0));
        Fails("Could not find score column 'None'", () => MLContext.Forecasting.Evaluate(data, "Value", "None", 0));
        Fails("Schema mismatch for label column 'Forecast': expected Single or Double, got ", () => MLContext.Forecasting.Evaluate(data, "Forecast", "Forecast", 0));
        Fails("Schema mismatch for score column 'Value': expected a known-size vector of Single or Double, got Single", () => MLContext.Forecasting.Evaluate(data, "Value", "Value", 0));
        Fails("FirstOrigin", () => MLContext.Forecasting.Evaluate(data, "Value", "Forecast", -1));
    }

    private static void Fails(string message, Action action) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).Message, message);

    private static IDataView View(IEnumerable<Scored> rows) => MLContext.Data.LoadFromEnumerable(rows);

    private sealed class Scored
    {
        public float Value { get; set; }

        [VectorType(2)]
        public float[] Forecast { get; set; } = [];
    }
}
