using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Sequences;

/// <summary>Microsoft's steps write to our export as they write to Microsoft's converter: with each of them before a model, ONNX Runtime predicts what ML.NET predicts.</summary>
[TestClass]
public sealed class MicrosoftStepsTests
{
    private const int Values = Signal.Steps * Signal.PerStep;
    private readonly MLContext _context = new(seed: 1);

    private sealed class Row
    {
        [VectorType(Values)]
        public float[] Raw { get; set; } = [];

        public string Color { get; set; } = "";

        public float Label { get; set; }
    }

    public static IEnumerable<object[]> Steps => new[]
    {
        "CopyColumns", "Concatenate", "NormalizeMinMax", "NormalizeMeanVariance", "NormalizeLpNorm", "NormalizeRobustScaling", "ReplaceMissingValues", "IndicateMissingValues",
        "ConvertType", "OneHotEncoding", "OneHotHash", "DropColumns", "SelectColumns", "MapValueToKey", "KeyToVector", "PrincipalComponents", "GlobalContrastNormalization",
    }.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void EachBeforeAModel(string name)
    {
        Row[] rows = [.. Signal.Rows(60).Select((row, n) => new Row { Raw = row.Features, Color = n % 3 == 0 ? "red" : n % 3 == 1 ? "green apple" : "blue", Label = row.Value })];
        if (name is "ReplaceMissingValues" or "IndicateMissingValues") rows[3].Raw[2] = float.NaN;
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var options = Signal.Small<LstmRegressionTrainer.Options>("Label", o => o.FeaturesPerStep = 1);
        ITransformer model = Step(name).Append(_context.Regression.Trainers.Lstm(options)).Fit(data);
        using var stream = new MemoryStream();
        OnnxModelInfo info = _context.Model.ExportToOnnx(model, data.Schema, stream);
        using var onnx = new OnnxFile(stream.ToArray());
        Assert.DoesNotContain("Label", onnx.Inputs.ToList());
        List<(string, Array, long[])> inputs = [];
        if (onnx.Inputs.Contains("Raw")) inputs.Add(("Raw", rows.SelectMany(row => row.Raw).ToArray(), [rows.Length, Values]));
        if (onnx.Inputs.Contains("Color")) inputs.Add(("Color", rows.Select(row => row.Color).ToArray(), [rows.Length, 1]));
        Near.AssertAll(model.Transform(data).GetColumn<float>("Score").ToArray(), onnx.Run<float>("Score", [.. inputs]), 1e-5, $"{name}, {info}");
    }

    [TestMethod]
    [DataRow("NormalizeLogMeanVariance", "step 1, NormalizingTransformer, which makes it, cannot be written as ONNX.")]
    [DataRow("FeaturizeText", "step 1, TextFeaturizingEstimator.Transformer, which makes it, cannot be written as ONNX: its TextNormalizingTransformer cannot.")]
    public void WhatMicrosoftCannotWriteIsNamed(string name, string expected)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Signal.Rows(60).Select(row => new Row { Raw = row.Features, Color = row.Kind, Label = row.Value }));
        ITransformer model = Step(name).Append(_context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>("Label", o => o.FeaturesPerStep = 1))).Fit(data);
        Assert.Contains(expected, Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.ExportToOnnx(model, data.Schema, Stream.Null)).Message);
    }

    private EstimatorChain<ITransformer> Step(string name)
    {
        TransformsCatalog transforms = _context.Transforms;
        IEstimator<ITransformer> color = transforms.Categorical.OneHotEncoding("Features", "Color");
        IEstimator<ITransformer> step = name switch
        {
            "CopyColumns" => transforms.CopyColumns("Features", "Raw"),
            "Concatenate" => transforms.Concatenate("Features", "Raw", "Label").Append(transforms.CopyColumns("Features", "Raw")),
            "NormalizeMinMax" => transforms.NormalizeMinMax("Features", "Raw"),
            "NormalizeMeanVariance" => transforms.NormalizeMeanVariance("Features", "Raw"),
            "NormalizeLogMeanVariance" => transforms.NormalizeLogMeanVariance("Features", "Raw"),
            "NormalizeLpNorm" => transforms.NormalizeLpNorm("Features", "Raw"),
            "NormalizeRobustScaling" => transforms.NormalizeRobustScaling("Features", "Raw"),
            "ReplaceMissingValues" => transforms.ReplaceMissingValues("Features", "Raw", MissingValueReplacingEstimator.ReplacementMode.Mean),
            "IndicateMissingValues" => transforms.IndicateMissingValues("Missing", "Raw").Append(transforms.Conversion.ConvertType("Features", "Missing", DataKind.Single)),
            "ConvertType" => transforms.Conversion.ConvertType("Exact", "Raw", DataKind.Double).Append(transforms.Conversion.ConvertType("Features", "Exact", DataKind.Single)),
            "OneHotEncoding" => color,
            "OneHotHash" => transforms.Categorical.OneHotHashEncoding("Features", "Color", numberOfBits: 4),
            "DropColumns" => transforms.CopyColumns("Features", "Raw").Append(transforms.DropColumns("Raw")),
            "SelectColumns" => transforms.CopyColumns("Features", "Raw").Append(transforms.SelectColumns("Features", "Label")),
            "MapValueToKey" => transforms.Conversion.MapValueToKey("Key", "Color").Append(transforms.Conversion.MapKeyToVector("Features", "Key")),
            "KeyToVector" => transforms.Conversion.MapValueToKey("Key", "Color").Append(transforms.Conversion.MapKeyToVector("One", "Key")).Append(transforms.Concatenate("Features", "One", "Raw")),
            "PrincipalComponents" => transforms.ProjectToPrincipalComponents("Features", "Raw", rank: 4),
            "GlobalContrastNormalization" => transforms.NormalizeGlobalContrast("Features", "Raw"),
            "FeaturizeText" => transforms.Text.FeaturizeText("Features", "Color"),
            _ => throw new ArgumentException(name),
        };
        return new EstimatorChain<ITransformer>().Append(step);
    }
}
