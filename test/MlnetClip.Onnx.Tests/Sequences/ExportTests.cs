using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Sequences;

/// <summary>Our own export of models over sequences: only what a prediction needs, metadata, sequences of different lengths in a batch, and what is refused.</summary>
[TestClass]
public sealed class ExportTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void APipelineReadsOnlyWhatItsPredictionsDependOn()
    {
        IDataView data = Signal.View(_context);
        var pipeline = _context.Transforms.Concatenate("Sequence", nameof(Signal.First), nameof(Signal.Rest))
            .Append(_context.Transforms.NormalizeMinMax("Sequence"))
            .Append(_context.Transforms.Conversion.MapValueToKey("Label", nameof(Signal.Kind)))
            .Append(_context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label", o => o.FeatureColumnName = "Sequence")))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        (OnnxFile onnx, OnnxModelInfo info) = Export(model, data.Schema);
        using var file = onnx;
        Assert.AreSequenceEqual(new[] { "First: float [N, 1]", "Rest: float [N, 11]" }, info.Inputs.Select(input => $"{input}"));
        Assert.AreSequenceEqual(new[] { "Score: float [N, 3]", "PredictedLabel.output: string [N, 1]" }, info.Outputs.Select(output => $"{output}"));
        Assert.AreSequenceEqual(onnx.Inputs, info.Inputs.Select(input => input.Name));
        Signal[] rows = Signal.Rows(60);
        float[] scores = onnx.Run<float>("Score",
            ("First", rows.Select(row => row.First).ToArray(), [60, 1]), ("Rest", rows.SelectMany(row => row.Rest).ToArray(), [60, 11]));
        Near.AssertAll([.. model.Transform(data).GetColumn<VBuffer<float>>("Score").SelectMany(row => row.DenseValues())], scores, Tolerance, "scores");
    }

    [TestMethod]
    public void TheFileSaysWhatItIs()
    {
        IDataView data = Signal.View(_context);
        var model = _context.BinaryClassification.Trainers.Lstm(
            Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options => options.Clipping = GradientClipping.ByValue(0.5f))).Fit(data);
        (OnnxFile onnx, OnnxModelInfo info) = Export(model, data.Schema);
        using var file = onnx;
        Assert.AreEqual("BinaryClassification", onnx.Metadata["mlnetclip.task"]);
        Assert.AreEqual("value:0.5", onnx.Metadata["mlnetclip.clipping"]);
        Assert.AreEqual("Features", onnx.Metadata["mlnetclip.columns.features"]);
        string[] lines =
        [
            "inputs:", "  Features: float [N, 12]: a sequence of 6 time steps, with 2 features of each time step after the other", "outputs:",
            "  Score: float [N, 1]: the logarithm of the odds of true", "  Probability: float [N, 1]: the probability of true", "  PredictedLabel: bool [N, 1]: whether true is more probable than false",
        ];
        Assert.AreSequenceEqual(lines, $"{info}".Split(Environment.NewLine));
        foreach ((string key, string value) in info.Metadata) Assert.AreEqual(value, onnx.Metadata[key]);
        Assert.AreSequenceEqual(
            new[] { "Score: float [N, 1]", "Probability: float [N, 1]", "PredictedLabel: bool [N, 1]" }, info.Outputs.Select(output => $"{output}"));
    }

    private sealed class Walk
    {
        public float[] Features { get; set; } = [];

        public string[] Words { get; set; } = [];

        public string[] Labels { get; set; } = [];

        public float Value { get; set; }
    }

    public static IEnumerable<object[]> VariableNetworks =>
        from cell in Enum.GetValues<RecurrentCell>()
        from pooling in new[] { Pooling.Last, Pooling.Mean, Pooling.Max }
        from normalized in new[] { false, true }
        select new object[] { cell, pooling, normalized };

    [TestMethod]
    [DynamicData(nameof(VariableNetworks))]
    public void ABatchOfSequencesOfDifferentLengths(RecurrentCell cell, Pooling pooling, bool normalized)
    {
        IDataView data = Walks(out Walk[] walks);
        var model = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Walk.Value), options =>
            (options.FeaturesPerStep, options.Cell, options.Pooling, options.LayerNormalization, options.Bidirectional) = (1, cell, pooling, normalized, true))).Fit(data);
        (OnnxFile onnx, OnnxModelInfo info) = Export(model, data.Schema);
        using var file = onnx;
        Assert.AreSequenceEqual(new[] { "Features: float [N, L]", "Features.Steps: int32 [N]" }, info.Inputs.Select(input => $"{input}"));
        const int longest = 9;
        float[] padded = [.. walks.SelectMany(walk => walk.Features.Concat(Enumerable.Repeat(float.NaN, longest - walk.Features.Length)))];
        float[] scores = onnx.Run<float>("Score", ("Features", padded, [walks.Length, longest]), ("Features.Steps", walks.Select(walk => walk.Features.Length).ToArray(), [walks.Length]));
        Near.AssertAll(model.Transform(data).GetColumn<float>("Score").ToArray(), scores, Tolerance, "scores");
    }

    [TestMethod]
    public void LabelsOfSequencesOfKeysOfDifferentLengths()
    {
        IDataView data = Walks(out Walk[] walks);
        var model = _context.MulticlassClassification.Trainers.LstmLabeling(
            Signal.Small<LstmLabelingTrainer.Options>("Label", options => (options.FeatureColumnName, options.FeaturesPerStep, options.EmbeddingSize) = ("Ids", 1, 3))).Fit(data);
        (OnnxFile onnx, OnnxModelInfo info) = Export(model, data.Schema);
        using var file = onnx;
        Assert.AreSequenceEqual(new[] { "Ids: uint32 [N, L]", "Ids.Steps: int32 [N]" }, info.Inputs.Select(input => $"{input}"));
        uint[][] keys = Rows<uint>(data, "Ids"), labels = Rows<uint>(model.Transform(data), "PredictedLabel");
        float[][] scores = Rows<float>(model.Transform(data), "Score");
        const int longest = 8;
        uint[] padded = [.. keys.SelectMany(row => row.Concat(new uint[longest - row.Length]))];
        (string, Array, long[])[] inputs = [("Ids", padded, [keys.Length, longest]), ("Ids.Steps", walks.Select(walk => walk.Words.Length).ToArray(), [keys.Length])];
        float[] found = onnx.Run<float>("Score", inputs);
        uint[] best = onnx.Run<uint>("PredictedLabel", inputs);
        for (int n = 0; n < keys.Length; n++)
        {
            int T = keys[n].Length;
            Near.AssertAll(scores[n], found.AsSpan(2 * n * longest, 2 * T), Tolerance, $"row {n}");
            Assert.AreSequenceEqual(labels[n].Concat(new uint[longest - T]), best.AsSpan(n * longest, longest).ToArray(), $"row {n}");
            Assert.IsTrue(found.AsSpan((2 * n * longest) + (2 * T), 2 * (longest - T)).ToArray().All(float.IsNaN));
        }
    }

    private sealed class Raw
    {
        public string Label { get; set; } = "";

        [VectorType(Signal.Steps * Signal.PerStep)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>A column that replaces another comes right after it, and before the columns that follow.</summary>
    [TestMethod]
    public void AStepThatReplacesALabelIsLeftOut()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Signal.Rows(60).Select(row => new Raw { Label = row.Kind, Features = row.Features }));
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.NormalizeMeanVariance("Features"))
            .Append(_context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label")))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        (OnnxFile onnx, OnnxModelInfo info) = Export(pipeline.Fit(data), data.Schema);
        onnx.Dispose();
        Assert.AreSequenceEqual(new[] { "Features: float [N, 12]" }, info.Inputs.Select(input => $"{input}"));
    }

    private sealed class Ride
    {
        public string Id { get; set; } = "";

        public float Speed { get; set; }

        public float Place { get; set; }

        public string Mode { get; set; } = "";
    }

    /// <summary>Rows that are made into sequences: the file begins after that step and reads the sequences.</summary>
    [TestMethod]
    public void APipelineThatMakesSequencesReadsSequences()
    {
        Ride[] rides = [.. Enumerable.Range(0, 200).Select(n => new Ride { Id = $"{(n / 8 * 2) + (n % 8 < 3 ? 0 : 1)}", Speed = n % 7, Place = n % 11, Mode = n % 3 == 0 ? "bus" : "walk" })];
        IDataView data = _context.Data.LoadFromEnumerable(rides);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Mode")
            .Append(_context.Transforms.ToSequences("Features", "Id", ["Speed", "Place"], "Label"))
            .Append(_context.MulticlassClassification.Trainers.Lstm(Signal.Small<LstmMulticlassTrainer.Options>("Label")));
        var model = pipeline.Fit(data);
        (OnnxFile onnx, OnnxModelInfo info) = Export(model, data.Schema);
        using var file = onnx;
        Assert.AreSequenceEqual(new[] { "Features: float [N, L]", "Features.Steps: int32 [N]" }, info.Inputs.Select(input => $"{input}"));
        Assert.AreEqual("a sequence, with 2 features of each time step after the other, as step 2, RowsToSequencesTransformer, makes it", info.Inputs[0].Meaning);
        IDataView scored = model.Transform(data);
        float[][] sequences = Rows<float>(scored, "Features"), scores = Rows<float>(scored, "Score");
        int longest = sequences.Max(row => row.Length);
        float[] padded = [.. sequences.SelectMany(row => row.Concat(new float[longest - row.Length]))];
        float[] found = onnx.Run<float>("Score", ("Features", padded, [sequences.Length, longest]), ("Features.Steps", sequences.Select(row => row.Length / 2).ToArray(), [sequences.Length]));
        Near.AssertAll([.. scores.SelectMany(row => row)], found, Tolerance, "scores");
    }

    private sealed class Doubled
    {
        [VectorType(Signal.Steps * Signal.PerStep)]
        public float[] Sequence { get; set; } = [];
    }

    [TestMethod]
    public void AStepThatCannotBeExportedIsNamed()
    {
        IDataView data = Signal.View(_context);
        var pipeline = _context.Transforms.CopyColumns("Copy", nameof(Signal.Features))
            .Append(_context.Transforms.CustomMapping<Signal, Doubled>((input, output) => output.Sequence = [.. input.Features.Select(value => 2 * value)], contractName: null))
            .Append(_context.Transforms.CopyColumns("Again", "Sequence"))
            .Append(_context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options => options.FeatureColumnName = "Again")));
        using var stream = new MemoryStream();
        string message = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.ExportToOnnx(pipeline.Fit(data), data.Schema, stream)).Message;
        Assert.Contains("cannot compute column 'Score': step 4, LstmPredictionTransformer", message);
        Assert.Contains("step 2, CustomMappingTransformer", message);
        Assert.Contains("reads column 'Sequence'", message);
        Assert.Contains("Hint: ", message);
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void AStepThatPredictionsDoNotNeedIsLeftOut()
    {
        IDataView data = Signal.View(_context);
        var pipeline = _context.Transforms.CustomMapping<Signal, Doubled>((input, output) => output.Sequence = input.Features, contractName: null)
            .Append(_context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value))));
        (OnnxFile onnx, OnnxModelInfo info) = Export(pipeline.Fit(data), data.Schema);
        onnx.Dispose();
        Assert.AreSequenceEqual(new[] { "Features: float [N, 12]" }, info.Inputs.Select(input => $"{input}"));
    }

    [TestMethod]
    public void APipelineWithoutOurModelIsRefused()
    {
        IDataView data = Signal.View(_context);
        ITransformer model = _context.Transforms.NormalizeMinMax("Features").Fit(data);
        string message = Assert.ThrowsExactly<NotSupportedException>(() => Export(model, data.Schema)).Message;
        Assert.Contains("has none: NormalizingTransformer", message);
        Assert.Contains("ConvertToOnnx", message);
    }

    [TestMethod]
    public void TheCheckerOfOnnxAcceptsTheFiles()
    {
        IDataView data = Walks(out _), fixedData = Signal.View(_context);
        var files = new List<byte[]>();
        void Add(ITransformer model, IDataView rows)
        {
            (OnnxFile onnx, _) = Export(model, rows.Schema);
            onnx.Dispose();
            files.Add(onnx.Bytes);
        }

        Add(_context.MulticlassClassification.Trainers.LstmLabeling(
            Signal.Small<LstmLabelingTrainer.Options>("Label", options => (options.FeatureColumnName, options.FeaturesPerStep) = ("Ids", 1))).Fit(data), data);
        Add(_context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Walk.Value), options =>
            (options.FeaturesPerStep, options.Pooling, options.LayerNormalization, options.Bidirectional) = (1, Pooling.Mean, true, true))).Fit(data), data);
        Add(_context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options => options.Cell = RecurrentCell.Gru)).Fit(fixedData), fixedData);
        OnnxChecker.Check(files);
    }

    private (OnnxFile Onnx, OnnxModelInfo Info) Export(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        OnnxModelInfo info = _context.Model.ExportToOnnx(model, schema, stream);
        return (new OnnxFile(stream.ToArray()), info);
    }

    private IDataView Walks(out Walk[] walks)
    {
        walks = [.. Enumerable.Range(0, 40).Select(n =>
        {
            float[] features = [.. Enumerable.Range(0, 1 + (n % 7)).Select(t => 10 + MathF.Sin((3 * n) + t))];
            return new Walk
            {
                Features = features, Words = [.. features.Select(value => value > 10.5f ? "high" : value > 9.5f ? "middle" : "low")],
                Labels = [.. features.Select(value => value > 10 ? "up" : "down")], Value = 100 + n,
            };
        })];
        IDataView data = _context.Data.LoadFromEnumerable(walks);
        return _context.Transforms.Conversion.MapValueToKey("Label", nameof(Walk.Labels)).Append(_context.Transforms.Conversion.MapValueToKey("Ids", nameof(Walk.Words))).Fit(data).Transform(data);
    }

    private static T[][] Rows<T>(IDataView data, string column) => [.. data.GetColumn<VBuffer<T>>(column).Select(row => row.DenseValues().ToArray())];
}
