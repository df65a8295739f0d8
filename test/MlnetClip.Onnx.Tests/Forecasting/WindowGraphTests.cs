using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Forecasting;

/// <summary>A forecaster's ONNX model forecasts windows as the forecaster does.</summary>
[TestClass]
public sealed class WindowGraphTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Scalings =>
        from scaling in Enum.GetValues<SeriesScaling>()
        from linear in Enum.GetValues<LinearPartUse>()
        select new object[] { scaling, linear };

    [TestMethod]
    [DynamicData(nameof(Scalings))]
    public void EveryScaling(SeriesScaling scaling, LinearPartUse linear)
    {
        foreach (int window in new[] { 9, 10 })
        {
            var forecaster = Shop.Fit(_context, Shop.Of("A", 120), options =>
                (options.Scaling, options.LinearPart, options.WindowSize, options.SeasonLength) = (scaling, linear, window, scaling == SeriesScaling.SeasonalDifference ? 7 : null));
            var windows = new Windows(forecaster, 12);
            if (scaling == SeriesScaling.Robust)
            {
                windows.Vectors[0][0] = 1e6; // an extreme value first, in the middle and last
                windows.Vectors[1][4] = -1e6;
                windows.Vectors[2][^1] = 1e6;
                windows.Vectors[3].AsSpan(2, 3).Fill(1e5);
            }

            if (scaling == SeriesScaling.PerWindow) windows.Vectors[0].AsSpan().Fill(7);
            Same(forecaster, windows);
        }
    }

    [TestMethod]
    [DataRow(LinearPartUse.None)]
    [DataRow(LinearPartUse.Automatic)]
    public void QuantilesIntervalsAndNumbersThatAreNotNegative(LinearPartUse linear)
    {
        var forecaster = Shop.Fit(_context, Shop.Of("A", 200), options =>
        {
            (options.LinearPart, options.Quantiles, options.NonNegative, options.Scaling) = (linear, [0.1f, 0.5f, 0.9f], true, SeriesScaling.RelativeToLast);
            (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ("Low", "High", 0.8f);
        });
        var windows = new Windows(forecaster, 12);
        windows.Vectors[0].AsSpan().Fill(-40); // so low that a forecast would be negative
        Same(forecaster, windows);
        Assert.Contains(0.0, windows.Expected("Low"));
    }

    [TestMethod]
    [DataRow(LinearPartUse.None, SeriesScaling.RelativeToLast)]
    [DataRow(LinearPartUse.Automatic, SeriesScaling.RelativeToLast)]
    [DataRow(LinearPartUse.Automatic, SeriesScaling.SeasonalDifference)]
    [DataRow(LinearPartUse.Automatic, SeriesScaling.Standardize)]
    public void EverythingAtOnce(LinearPartUse linear, SeriesScaling scaling)
    {
        var forecaster = Shop.Fit(_context, Shop.Two(150), options =>
        {
            (options.InputColumnName, options.TargetColumnNames, options.LinearPart, options.Scaling) = (null, ["Sales", "Visits"], linear, scaling);
            (options.PastCovariateColumnNames, options.FutureCovariateColumnNames, options.StaticCovariateColumnNames) = (["Weather"], ["Holiday"], ["Level"]);
            (options.TimeColumnName, options.GroupColumnName, options.NumberOfLayers) = ("Time", "Store", 2);
            (options.Quantiles, options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn) = ([0.2f, 0.5f, 0.8f], "Low", "High");
            options.SeasonLength = scaling == SeriesScaling.SeasonalDifference ? 6 : null;
        });
        OnnxModelInfo info = Same(forecaster, new Windows(forecaster, 11, 1, "A", "B", "C"));
        string[] names = ["Sales", "Visits", "Weather", "Holiday", "Time", "Level", "Store"];
        Assert.AreSequenceEqual(names, info.Inputs.Select(input => input.Name));
    }

    [TestMethod]
    public void ColumnsOfVectorsAreOneInputAKind()
    {
        var forecaster = Shop.Fit(_context, Shop.Of("A", 150), options =>
            (options.PastCovariateColumnNames, options.StaticCovariateColumnNames, options.GroupColumnName) = (["Weather"], ["Size", "Level"], "Store"));
        OnnxModelInfo info = Same(forecaster, new Windows(forecaster, 6));
        Assert.AreSequenceEqual(
            new[] { "Sales: double [N, 9]", "Weather: double [N, 9]", "StaticCovariates: double [N, 3]", "Store: string [N, 1]" }, info.Inputs.Select(input => $"{input}"));
    }

    [TestMethod]
    public void ColumnsOfVectorsOfPastAndFutureCovariates()
    {
        var past = Shop.Fit(_context, Shop.Of("A", 150), options => options.PastCovariateColumnNames = ["Size", "Weather"]);
        Assert.AreEqual("PastCovariates: double [N, 9, 3]", $"{Same(past, new Windows(past, 6)).Inputs[1]}");
        var future = Shop.Fit(_context, Shop.Of("A", 150), options => options.FutureCovariateColumnNames = ["Size"]);
        Assert.AreEqual("FutureCovariates: double [N, 13, 2]", $"{Same(future, new Windows(future, 6)).Inputs[1]}");
    }

    [TestMethod]
    [DataRow(UnseenSeries.Average)]
    [DataRow(UnseenSeries.Missing)]
    [DataRow(UnseenSeries.Throw)]
    public void SeriesThatWereNotSeen(UnseenSeries unseen)
    {
        var forecaster = Shop.Fit(_context, Shop.Two(100), options => (options.GroupColumnName, options.UnseenSeries) = ("Store", unseen));
        (OnnxFile file, _) = Export(forecaster);
        using var onnx = file;
        var windows = new Windows(forecaster, 3, 1, "A", "B", "Z");
        double[] found = onnx.Run<double>("Forecast", windows.Inputs()), expected = windows.Expected("Forecast");
        if (unseen != UnseenSeries.Average) expected.AsSpan(8).Fill(double.NaN);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], found[i], 1e-3);
    }

    [TestMethod]
    public void MissingValuesAreMissingForecasts()
    {
        var forecaster = Shop.Fit(_context, Shop.Of("A", 150), options => (options.FutureCovariateColumnNames, options.Quantiles) = (["Holiday"], [0.1f, 0.5f]));
        var windows = new Windows(forecaster, 5);
        windows.Vectors[1][3] = double.NaN; // a target
        windows.Vectors[2][^2] = double.NaN; // the covariate in the third row of the horizon
        windows.Vectors[3][9] = double.NaN; // the covariate in the window: the mean is taken
        (OnnxFile file, _) = Export(forecaster);
        using var onnx = file;
        double[] expected = windows.Expected("Forecast"), found = onnx.Run<double>("Forecast", windows.Inputs());
        Assert.AreEqual(6, expected.Count(double.IsNaN));
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], found[i], 1e-3, $"value {i}");
    }

    /// <summary>Far from 0, single precision cannot tell neighbouring values apart: the level is subtracted in double precision, as in ML.NET.</summary>
    [TestMethod]
    public void ALevelFarFromZeroLosesNoDigits()
    {
        Shop[] rows = Shop.Of("A", 150);
        foreach (Shop row in rows) row.Visits += 1e9;
        var forecaster = Shop.Fit(_context, rows, options => options.InputColumnName = "Visits");
        var windows = new Windows(forecaster, 8);
        foreach (double[] vector in windows.Vectors)
            foreach (ref double value in vector.AsSpan()) value += 1e9;
        (OnnxFile file, _) = Export(forecaster);
        using var onnx = file;
        Near.AssertAll(windows.Expected("Forecast").Select(v => v - 1e9).ToArray(), onnx.Run<double>("Forecast", windows.Inputs()).Select(v => v - 1e9).ToArray(), Tolerance, "beyond 1e9");
    }

    [TestMethod]
    public void ARecursiveForecasterIsRefused()
    {
        var forecaster = Shop.Fit(_context, Shop.Of("A", 100), options => options.Strategy = ForecastStrategy.Recursive);
        string message = Assert.ThrowsExactly<NotSupportedException>(() => Export(forecaster)).Message;
        Assert.Contains("The forecaster of column 'Sales' cannot be exported as ONNX: its strategy is Recursive", message);
        Assert.Contains("Hint: ", message);
    }

    [TestMethod]
    public void AForecasterAmongOtherStepsIsRefusedAndTheyAreNamed()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Shop.Of("A", 100));
        var chain = _context.Transforms.NormalizeMinMax("Series", "Sales").Append(_context.Forecasting.ForecastByLstm("Forecast", "Series", 9, 4)).Fit(data);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.onnx");
        string message = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.ExportToOnnx(chain, data.Schema, path)).Message;
        Assert.Contains("the pipeline has other steps: step 1, NormalizingTransformer.", message);
        Assert.IsFalse(File.Exists(path));
        Assert.AreEqual("Series", _context.Model.ExportToOnnx(chain.LastTransformer, data.Schema, path).Inputs[0].Name);
    }

    [TestMethod]
    public void TheFileSaysWhatItIs()
    {
        var forecaster = Shop.Fit(_context, Shop.Two(100), options =>
            (options.FutureCovariateColumnNames, options.GroupColumnName, options.TimeColumnName, options.Quantiles) = (["Holiday"], "Store", "Time", [0.1f, 0.5f]));
        (OnnxFile file, OnnxModelInfo info) = Export(forecaster);
        using var onnx = file;
        foreach ((string key, string value) in new[]
        {
            ("task", "Forecasting"), ("columns.targets", """["Sales"]"""), ("columns.future", """["Holiday"]"""), ("columns.group", """["Store"]"""), ("window", "9"), ("horizon", "4"),
            ("quantiles", "0.1, 0.5"), ("series", """["A","B"]"""), ("clipping", "norm:1"), ("seed", "1"),
        }) Assert.AreEqual(value, onnx.Metadata[$"mlnetclip.{key}"], key);
        Assert.AreEqual("the covariate in the last 9 rows and the 4 rows of the horizon, oldest first", info.Inputs.Single(input => input.Name == "Holiday").Meaning);
        Assert.Contains("  Forecast.q0.1: double [N, 4]: the quantile 0.1 of Sales for the 4 rows after the window", $"{info}");
        OnnxChecker.Check(onnx.Bytes);
    }

    private sealed class WindowRow
    {
        [VectorType(9)]
        public double[] Sales { get; set; } = [];
    }

    /// <summary>The file in an ML.NET pipeline, by Microsoft.ML.OnnxTransformer.</summary>
    [TestMethod]
    public void AnMLNetPipelineRunsTheFile()
    {
        var forecaster = Shop.Fit(_context, Shop.Of("A", 120));
        var windows = new Windows(forecaster, 5);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.onnx");
        _context.Model.ExportToOnnx(forecaster, _context.Data.LoadFromEnumerable(Array.Empty<Shop>()).Schema, path);
        IDataView data = _context.Data.LoadFromEnumerable(windows.Vectors.Select(vector => new WindowRow { Sales = vector }));
        IDataView applied = _context.Transforms.ApplyOnnxModel("Forecast", "Sales", path).Fit(data).Transform(data);
        double[] found = [.. applied.GetColumn<VBuffer<double>>("Forecast").SelectMany(row => row.DenseValues())];
        Near.AssertAll(windows.Expected("Forecast"), found, Tolerance, "forecasts");
    }

    private OnnxModelInfo Same(LstmForecastingTransformer forecaster, Windows windows)
    {
        (OnnxFile file, OnnxModelInfo info) = Export(forecaster);
        using var onnx = file;
        Assert.AreSequenceEqual(forecaster.OutputColumnNames, info.Outputs.Select(output => output.Name));
        foreach (string column in forecaster.OutputColumnNames)
        {
            double[] expected = windows.Expected(column);
            Near.AssertAll(expected, onnx.Run<double>(column, windows.Inputs()), Tolerance, column);
            double[] one = onnx.Run<double>(column, windows.Inputs(2, 1));
            double largest = expected.Max(Math.Abs);
            for (int h = 0; h < one.Length; h++) Assert.AreEqual(expected[(2 * one.Length) + h], one[h], Tolerance * largest);
        }

        return info;
    }

    private (OnnxFile Onnx, OnnxModelInfo Info) Export(LstmForecastingTransformer forecaster)
    {
        using var stream = new MemoryStream();
        OnnxModelInfo info = _context.Model.ExportToOnnx(forecaster, _context.Data.LoadFromEnumerable(Array.Empty<Shop>()).Schema, stream);
        return (new OnnxFile(stream.ToArray()), info);
    }
}
