using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class SchemaTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly float[] _wave = Forecasts.Wave(100);

    [TestMethod]
    public void TheForecastIsAVectorOfKnownSizeBehindTheInputsColumns()
    {
        var model = Forecasts.Fit(_context);
        var input = Forecasts.View(_context, Forecasts.Wave(30));
        DataViewSchema schema = model.GetOutputSchema(input.Schema);
        Assert.AreSequenceEqual(new[] { "Number", "Value", "Forecast" }, schema.Select(column => column.Name).ToArray());
        var type = Assert.IsInstanceOfType<VectorDataViewType>(schema["Forecast"].Type);
        Assert.AreEqual((NumberDataViewType.Single, 3), (type.ItemType, type.Size));
        Assert.AreEqual(schema.ToString(), model.Transform(input).Schema.ToString());
    }

    [TestMethod]
    public void TheTransformerChecksItsInput()
    {
        var model = Forecasts.Fit(_context);
        var missing = _context.Data.LoadFromEnumerable([new { Other = 1f }]);
        var mistyped = _context.Data.LoadFromEnumerable([new { Value = 1 }]);
        Assert.Contains("Could not find input column 'Value'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(missing)).Message);
        Assert.Contains(
            "Schema mismatch for input column 'Value': expected Single or Double, got Int32",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.GetOutputSchema(mistyped.Schema)).Message);
    }

    [TestMethod]
    [DataRow("Forecast", "Number, Value, Forecast")]
    [DataRow("Value", "Number, Value")]
    public void TheShapeHasTheForecastOnce(string output, string columns)
    {
        var estimator = _context.Forecasting.ForecastByLstm(output, "Value", 12, 3);
        SchemaShape shape = estimator.GetOutputSchema(ShapeOf(Forecasts.View(_context, _wave)));
        Assert.AreEqual(columns, string.Join(", ", shape.Select(column => column.Name)));
        var forecast = shape.Single(column => column.Name == output);
        Assert.AreEqual((SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false), (forecast.Kind, forecast.ItemType, forecast.IsKey));
    }

    [TestMethod]
    public void AChainFindsSchemaErrorsBeforeItTrains()
    {
        var chain = _context.Forecasting.ForecastByLstm("A", "Value", 12, 3).Append(_context.Forecasting.ForecastByLstm("B", "A", 12, 3));
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Forecasts.View(_context, _wave)));
        Assert.Contains("Schema mismatch for input column 'A': expected Single or Double, got Vector<Single>", exception.Message);
    }

    [TestMethod]
    public void ItStandsAnywhereInAPipeline()
    {
        var data = Forecasts.View(_context, _wave);
        var pipeline = _context.Transforms.CopyColumns("Series", "Value")
            .Append(_context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.InputColumnName = "Series")))
            .Append(_context.Transforms.CopyColumns("Copy", "Forecast"));
        IDataView scored = pipeline.Fit(data).Transform(data);
        Assert.AreEqual("Forecast", scored.Schema["Forecast"].Name);
        float[][] forecasts = Forecasts.Read(scored), copies = Forecasts.Read(scored, "Copy");
        for (int i = 0; i < forecasts.Length; i++) Assert.AreSequenceEqual(forecasts[i], copies[i]);
    }

    /// <summary>Microsoft.ML asks whether it is a row-to-row mapper before it asks for the mapper, and answers with its own sentence: docs/forecasting.md says so.</summary>
    [TestMethod]
    public void APredictionEngineIsRefusedByMicrosoftMLBeforeOurHintCanBeGiven()
    {
        IDataView data = Forecasts.View(_context, Forecasts.Wave(100));
        ITransformer model = Forecasts.Fit(_context), chain = _context.Transforms.CopyColumns("Copy", "Value").Append(_context.Forecasting.ForecastByLstm(Forecasts.Options())).Fit(data);
        foreach (ITransformer transformer in new[] { model, chain })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Model.CreatePredictionEngine<Row, Forecasted>(transformer));
            Assert.Contains("Must be a row to row mapper", error.Message);
        }
    }

    [TestMethod]
    public void ItIsNoRowToRowMapper()
    {
        ITransformer model = Forecasts.Fit(_context);
        Assert.IsFalse(model.IsRowToRowMapper);
        Assert.Contains(
            "GetRowToRowMapper method called despite IsRowToRowMapper being false.",
            Assert.ThrowsExactly<InvalidOperationException>(() => model.GetRowToRowMapper(Forecasts.View(_context, [1]).Schema)).Message);
        Assert.Contains(
            "call Forecast(history) on the LstmForecastingTransformer",
            Assert.ThrowsExactly<InvalidOperationException>(() => model.GetRowToRowMapper(Forecasts.View(_context, [1]).Schema)).Message);
    }

    [TestMethod]
    public void AMisspelledColumnIsFollowedByTheNameThatWasMeant()
    {
        IDataView data = Forecasts.View(_context, _wave);
        Assert.Contains("Could not find input column 'Vaule'", Fails("Vaule"));
        Assert.Contains("Hint: did you mean 'Value'?", Fails("Vaule"));
        Assert.DoesNotContain("Hint", Fails("Temperature"));
        Assert.Contains("Hint: did you mean 'Value'?", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.CopyColumns("Copy", "Value").Append(_context.Forecasting.ForecastByLstm("Forecast", "Vaule", 12, 3)).Fit(data)).Message);

        string Fails(string name) =>
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Forecasting.ForecastByLstm("Forecast", name, 12, 3).Fit(data)).Message;
    }

    /// <summary>The shape of a view, which Microsoft.ML makes by an internal method.</summary>
    private static SchemaShape ShapeOf(IDataView view) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(null, [view.Schema])!;

    private sealed class Forecasted
    {
        public float[] Forecast { get; set; } = [];
    }
}
