using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Sequences;

/// <summary>Models over sequences, converted by Microsoft.ML's converter and run by ONNX Runtime, predict what they predict in ML.NET.</summary>
[TestClass]
public sealed class ConvertToOnnxTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Networks =>
        from cell in Enum.GetValues<RecurrentCell>()
        from pooling in new[] { Pooling.Last, Pooling.Mean, Pooling.Max }
        from form in new[] { "one layer", "two layers", "bidirectional", "bidirectional, two layers, layer normalization" }
        select new object[] { cell, pooling, form };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void EveryNetwork(RecurrentCell cell, Pooling pooling, string form)
    {
        IDataView data = Signal.View(_context);
        var model = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
        {
            (options.Cell, options.Pooling, options.Bidirectional) = (cell, pooling, form.Contains("bidirectional"));
            (options.NumberOfLayers, options.LayerNormalization) = (form.Contains("two") ? 2 : 1, form.Contains("normalization"));
        })).Fit(data);
        using OnnxFile onnx = OnnxFile.Convert(_context, model, data);
        Same<float>(onnx, model.Transform(data), "Score", nameof(Signal.Features));
    }

    [TestMethod]
    public void EveryTask()
    {
        IDataView data = Keyed(Signal.View(_context));
        var binary = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate))).Fit(data);
        using OnnxFile first = OnnxFile.Convert(_context, binary, data);
        foreach (string column in new[] { "Score", "Probability" }) Same<float>(first, binary.Transform(data), column, nameof(Signal.Features));
        Assert.AreSequenceEqual(Read<bool>(binary.Transform(data), "PredictedLabel"), first.Run<bool>("PredictedLabel.output", Features(data)));

        var multiclass = _context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label")).Fit(data);
        using OnnxFile second = OnnxFile.Convert(_context, multiclass, data);
        Same<float>(second, multiclass.Transform(data), "Score", nameof(Signal.Features));
        Assert.AreSequenceEqual(Read<uint>(multiclass.Transform(data), "PredictedLabel"), second.Run<uint>("PredictedLabel.output", Features(data)));

        var labeling = _context.MulticlassClassification.Trainers.LstmLabeling(Signal.Small<LstmLabelingTrainer.Options>("StepLabels", o => o.Bidirectional = true)).Fit(data);
        using OnnxFile third = OnnxFile.Convert(_context, labeling, data);
        Same<float>(third, labeling.Transform(data), "Score", nameof(Signal.Features));
        Assert.AreSequenceEqual(Read<uint>(labeling.Transform(data), "PredictedLabel"), third.Run<uint>("PredictedLabel.output", Features(data)));
        Assert.AreSequenceEqual(new[] { -1, Signal.Steps, 3 }, third.ShapeOf("Score.output"));
    }

    private sealed class Raw
    {
        public float First { get; set; }

        [VectorType((Signal.Steps * Signal.PerStep) - 1)]
        public float[] Rest { get; set; } = [];

        public string Kind { get; set; } = "";
    }

    [TestMethod]
    public void FromRawColumnsToTheValueOfTheLabel()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Signal.Rows(60).Select(row => new Raw { First = row.First, Rest = row.Rest, Kind = row.Kind }));
        var pipeline = _context.Transforms.Concatenate("Sequence", nameof(Raw.First), nameof(Raw.Rest))
            .Append(_context.Transforms.NormalizeMinMax("Sequence"))
            .Append(_context.Transforms.Conversion.MapValueToKey("Label", nameof(Signal.Kind)))
            .Append(_context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label", o => o.FeatureColumnName = "Sequence")))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Guess", "PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.Create(path)) _context.Model.ConvertToOnnx(model, data, file);
            IDataView applied = _context.Transforms.ApplyOnnxModel(["Score.output", "Guess.output"], ["First", "Rest", "Kind"], path).Fit(data).Transform(data);
            Near.AssertAll(Values<float>(scored, "Score"), Values<float>(applied, "Score"), Tolerance, "scores");
            Assert.AreSequenceEqual(Texts(scored, "Guess"), Texts(applied, "Guess"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void SequencesOfKeys()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Ids", nameof(Signal.Words)).Fit(Signal.View(_context)).Transform(Signal.View(_context));
        var model = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options =>
            (options.FeatureColumnName, options.FeaturesPerStep, options.EmbeddingSize, options.Cell) = ("Ids", 2, 3, RecurrentCell.Gru))).Fit(data);
        using OnnxFile onnx = OnnxFile.Convert(_context, model, data);
        string[] words = Texts(data, nameof(Signal.Words));
        float[] scores = onnx.Run<float>("Score.output", (nameof(Signal.Words), words, [words.Length / Signal.Steps, Signal.Steps]));
        Near.AssertAll(Read<float>(model.Transform(data), "Score"), scores, Tolerance, "scores");
    }

    private sealed class Walk
    {
        public float[] Features { get; set; } = [];

        public string[] Labels { get; set; } = [];

        public float Value { get; set; }
    }

    [TestMethod]
    public void SequencesOfAnyLength()
    {
        Walk[] walks = [.. Enumerable.Range(0, 40).Select(n => new Walk
        {
            Features = [.. Enumerable.Range(0, 1 + (n % 7)).Select(t => MathF.Sin((3 * n) + t))],
            Labels = [.. Enumerable.Range(0, 1 + (n % 7)).Select(t => MathF.Sin((3 * n) + t) > 0 ? "up" : "down")],
            Value = n,
        })];
        IDataView data = _context.Data.LoadFromEnumerable(walks);
        data = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Walk.Labels)).Fit(data).Transform(data);
        var labeling = _context.MulticlassClassification.Trainers.LstmLabeling(Signal.Small<LstmLabelingTrainer.Options>("Label", o => o.FeaturesPerStep = 1)).Fit(data);
        using OnnxFile onnx = OnnxFile.Convert(_context, labeling, data);
        float[][] scores = [.. labeling.Transform(data).GetColumn<VBuffer<float>>("Score").Select(row => row.DenseValues().ToArray())];
        uint[][] labels = [.. labeling.Transform(data).GetColumn<VBuffer<uint>>("PredictedLabel").Select(row => row.DenseValues().ToArray())];
        for (int n = 0; n < walks.Length; n++)
        {
            (string, Array, long[]) input = ("Features", walks[n].Features, [1, walks[n].Features.Length]);
            Near.AssertAll(scores[n], onnx.Run<float>("Score.output", input), Tolerance, $"row {n}");
            Assert.AreSequenceEqual(labels[n], onnx.Run<uint>("PredictedLabel.output", input));
        }
    }

    [TestMethod]
    public void RowsThatCannotBePredictedAreTheSame()
    {
        Signal[] rows = Signal.Rows(60);
        IDataView data = Keyed(_context.Data.LoadFromEnumerable(rows));
        var multiclass = _context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label", o => o.Cell = RecurrentCell.RnnRelu)).Fit(data);
        var binary = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate))).Fit(data);
        rows[1].Features[3] = float.NaN;
        rows[2].Features[0] = float.PositiveInfinity;
        rows[3].Features[11] = float.NegativeInfinity;
        data = Keyed(_context.Data.LoadFromEnumerable(rows[..5]));
        using OnnxFile first = OnnxFile.Convert(_context, multiclass, data);
        Assert.AreSequenceEqual(Read<uint>(multiclass.Transform(data), "PredictedLabel"), first.Run<uint>("PredictedLabel.output", Features(data)));
        float[] scores = first.Run<float>("Score.output", Features(data));
        for (int n = 0; n < 15; n++) Assert.AreEqual(n / 3 is 1 or 2 or 3, float.IsNaN(scores[n]), $"score {n}");
        using OnnxFile second = OnnxFile.Convert(_context, binary, data);
        Assert.AreSequenceEqual(Read<bool>(binary.Transform(data), "PredictedLabel"), second.Run<bool>("PredictedLabel.output", Features(data)));
        Assert.AreSequenceEqual(Read<float>(binary.Transform(data), "Score").Select(float.IsNaN), second.Run<float>("Score.output", Features(data)).Select(float.IsNaN));
    }

    [TestMethod]
    [DataRow(11)]
    [DataRow(12)]
    public void OperatorSetsFrom11(int version)
    {
        IDataView data = Signal.View(_context);
        var model = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value))).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.ConvertToOnnx(model, data, version, stream);
        using var onnx = new OnnxFile(stream.ToArray());
        Same<float>(onnx, model.Transform(data), "Score", nameof(Signal.Features));
        using var old = new MemoryStream();
        string message = Assert.Throws<Exception>(() => _context.Model.ConvertToOnnx(model, data, 10, old)).Message;
        Assert.Contains("minimum OpSet version requirement: 11", message);
        Assert.AreEqual(0, old.Length);
    }

    private void Same<T>(OnnxFile onnx, IDataView scored, string column, string input)
    {
        float[] expected = ((scored.Schema[column].Type as VectorDataViewType) is null) ? Read<float>(scored, column) : Values<float>(scored, column);
        float[] features = Values<float>(scored, input);
        int rows = features.Length / (Signal.Steps * Signal.PerStep), size = features.Length / rows, width = expected.Length / rows;
        Near.AssertAll(expected, onnx.Run<float>($"{column}.output", (input, features, [rows, size])), Tolerance, $"{column}, {rows} rows");
        float largest = expected.Max(MathF.Abs);
        for (int n = 0; n < 3; n++)
        {
            float[] one = onnx.Run<float>($"{column}.output", (input, features.AsSpan(n * size, size).ToArray(), [1, size]));
            for (int k = 0; k < width; k++) Assert.AreEqual(expected[(n * width) + k], one[k], Tolerance * largest, $"{column}, row {n} alone");
        }
    }

    private static (string, Array, long[]) Features(IDataView data)
    {
        float[] values = Values<float>(data, nameof(Signal.Features));
        return (nameof(Signal.Features), values, [values.Length / (Signal.Steps * Signal.PerStep), Signal.Steps * Signal.PerStep]);
    }

    private IDataView Keyed(IDataView data) => _context.Transforms.Conversion.MapValueToKey("Label", nameof(Signal.Kind))
        .Append(_context.Transforms.Conversion.MapValueToKey("StepLabels", nameof(Signal.Phases))).Fit(Signal.View(_context)).Transform(data);

    private static T[] Read<T>(IDataView data, string column) => data.Schema[column].Type is VectorDataViewType ? Values<T>(data, column) : [.. data.GetColumn<T>(column)];

    private static T[] Values<T>(IDataView data, string column) => [.. data.GetColumn<VBuffer<T>>(column).SelectMany(row => row.DenseValues())];

    private static string[] Texts(IDataView data, string column) => data.Schema[column].Type is VectorDataViewType
        ? [.. data.GetColumn<VBuffer<ReadOnlyMemory<char>>>(column).SelectMany(row => row.DenseValues()).Select(text => text.ToString())]
        : [.. data.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString())];
}
