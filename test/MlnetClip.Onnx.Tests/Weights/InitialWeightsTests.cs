using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Models;
using MlnetClip.Onnx.Tests.Sequences;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Weights;

/// <summary>Weights from files: a trainer begins with the predictions of the model that they are from, and what does not fit is listed.</summary>
[TestClass]
public sealed class InitialWeightsTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A step so small that weights in single precision stay the same: what is trained is the model of the file.</summary>
    private static void DoNotTrain(LstmTrainerOptions options) =>
        (options.NumberOfEpochs, options.Optimizer, options.LearningRate, options.ValidationFraction) = (1, Optimizer.Sgd(), 1e-30f, 0);

    public static IEnumerable<object[]> Cells =>
        from cell in Enum.GetValues<RecurrentCell>()
        from bidirectional in new[] { false, true }
        select new object[] { cell, bidirectional };

    /// <summary>A module of PyTorch with <c>self.encoder = nn.LSTM(...)</c> and <c>self.fc = nn.Linear(...)</c>; the network itself is that of the engine, which goldens of PyTorch check.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void AStateDictPredictsRawFeaturesAndLabels(RecurrentCell cell, bool bidirectional)
    {
        ModelSpec spec = ModelSpec.Stack(Signal.PerStep, new RecurrentSpec(cell, 5, bidirectional), 2, new HeadSpec(Pooling.Last, 1));
        float[] weights = Random(spec, 0.1f);
        InitialWeights initial = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(StateDict(spec, weights, recurrent: "encoder.", head: "fc."))));
        IDataView data = Signal.View(_context);
        foreach (bool normalize in new[] { false, true })
        {
            var model = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
            {
                DoNotTrain(options);
                (options.InitialWeights, options.Cell, options.Bidirectional, options.NumberOfLayers, options.NormalizeFeatures) = (initial, cell, bidirectional, 2, normalize);
            })).Fit(data);
            Assert.IsTrue(model.Training.WarmStart);
            var predictor = new SequencePredictor(spec, weights);
            float[] expected = [.. Signal.Rows(60).Select(row =>
            {
                float[] output = new float[1];
                predictor.Predict(row.Features, output);
                return output[0];
            })];

            // The label's mean is near 1100: what is subtracted from the head and added again is rounded at that size.
            float[] found = [.. model.Transform(data).GetColumn<float>("Score")];
            for (int n = 0; n < expected.Length; n++) Assert.AreEqual(expected[n], found[n], 2e-3, $"row {n}, {(normalize ? "standardized" : "as they are")}");
        }
    }

    [TestMethod]
    public void WithoutAnEpochTheModelHasExactlyTheWeightsOfTheFile()
    {
        IDataView data = Signal.View(_context);
        var first = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value))).Fit(data);
        float[] weights = first.Model.Network.Weights.ToArray();
        InitialWeights initial = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(StateDict(first.Model.Network.Spec, weights, "rnn.", "out."))));
        var served = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
            (options.InitialWeights, options.NumberOfEpochs) = (initial, 0))).Fit(data);
        Assert.AreSequenceEqual(weights, served.Model.Network.Weights.ToArray());
        Assert.AreEqual(0, served.Training.Steps);
    }

    [TestMethod]
    public void TrainingGoesOnFromTheWeights()
    {
        IDataView data = Signal.View(_context);
        var first = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options => options.NumberOfEpochs = 40)).Fit(data);
        ModelSpec spec = first.Model.Network.Spec;
        InitialWeights initial = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(StateDict(spec, first.Model.Network.Weights.ToArray(), "rnn.", "out."))));
        var trainer = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options =>
            (options.InitialWeights, options.NumberOfEpochs, options.NormalizeFeatures) = (initial, 1, false)));
        Assert.AreNotEqual(Weights(first), Weights(trainer.Fit(data)));
    }

    /// <summary>From an export of ours, the scaling inside the file too: the model predicts the same, on features of any scaling.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void AnExportPredictsTheSame(RecurrentCell cell, bool bidirectional)
    {
        IDataView data = Signal.View(_context), other = Signal.View(_context, 90, 7);
        void Sizes(LstmRegressionTrainer.Options options) =>
            (options.Cell, options.Bidirectional, options.LayerNormalization, options.NumberOfLayers, options.Pooling) = (cell, bidirectional, true, 2, Pooling.Mean);
        var first = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), Sizes)).Fit(data);
        foreach (bool microsofts in new[] { false, true })
        {
            string path = _folder.File("model.onnx");
            using (FileStream file = File.Create(path))
            {
                if (microsofts) _context.Model.ConvertToOnnx(first, data, file);
                else _context.Model.ExportToOnnx(first, data.Schema, file);
            }

            var second = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
            {
                Sizes(options);
                DoNotTrain(options);
                options.InitialWeights = RecurrentWeights.FromOnnx(path);
            })).Fit(other);
            Near.AssertAll([.. first.Transform(data).GetColumn<float>("Score")], second.Transform(data).GetColumn<float>("Score").ToArray(), 1e-5, "scores");
        }
    }

    [TestMethod]
    public void LabelingOfKeysFromAnExport()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Ids", nameof(Signal.Words)).Append(_context.Transforms.Conversion.MapValueToKey("Label", nameof(Signal.Phases)))
            .Fit(Signal.View(_context)).Transform(Signal.View(_context));
        void Sizes(LstmLabelingTrainer.Options options) => (options.FeatureColumnName, options.FeaturesPerStep, options.EmbeddingSize) = ("Ids", 1, 3);
        var first = _context.MulticlassClassification.Trainers.LstmLabeling(Signal.Small<LstmLabelingTrainer.Options>("Label", Sizes)).Fit(data);
        string path = _folder.File("model.onnx");
        _context.Model.ExportToOnnx(first, data.Schema, path);
        var second = _context.MulticlassClassification.Trainers.LstmLabeling(Signal.Small<LstmLabelingTrainer.Options>("Label", options =>
        {
            Sizes(options);
            DoNotTrain(options);
            options.InitialWeights = RecurrentWeights.FromOnnx(path);
        })).Fit(data);
        Assert.AreEqual(Weights(first), Weights(second));
    }

    [TestMethod]
    public void AForecasterBeginsWithTheNetworkOfAnother()
    {
        IDataView data = Signal.View(_context, 100);
        LstmForecastingTrainer.Options Options() => new()
        {
            OutputColumnName = "Forecast", InputColumnName = nameof(Signal.Value), WindowSize = 8, Horizon = 3, HiddenSize = 4, NumberOfEpochs = 2, LinearPart = LinearPartUse.None,
        };
        var first = _context.Forecasting.ForecastByLstm(Options()).Fit(data);
        string path = _folder.File("model.onnx");
        _context.Model.ExportToOnnx(first, data.Schema, path);
        LstmForecastingTrainer.Options options = Options();
        options.InitialWeights = RecurrentWeights.FromOnnx(path);
        DoNotTrain(options);
        var second = _context.Forecasting.ForecastByLstm(options).Fit(data);
        foreach (string name in first.Model.ParameterNames) Assert.AreSequenceEqual(first.Model.GetWeights(name).ToArray(), second.Model.GetWeights(name).ToArray(), name);
        Assert.IsTrue(second.Training.WarmStart);
    }

    [TestMethod]
    public void WhatDoesNotFitIsListedAtOnce()
    {
        InitialWeights weights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(
            ("lstm.weight_ih_l0", [20, 3], new float[60]), ("lstm.weight_hh_l0", [20, 5], new float[100]), ("lstm.bias_ih_l0", [20], new float[20]),
            ("fc.weight", [2, 5], new float[10]), ("fc.bias", [2], new float[2]), ("lstm.weight_hr_l0", [4, 5], new float[20]))));
        var trainer = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options => options.InitialWeights = weights));
        string[] lines = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Signal.View(_context))).Message.Split(Environment.NewLine);
        string[] expected =
        [
            "LstmRegressionTrainer.Options.InitialWeights must fit the model features(2) lstm(5) head(last, 1), but of 6 tensors of weights.safetensors",
            "  lstm.weight_ih_l0 [20, 2] is 'lstm.weight_ih_l0' [20, 3] in the file",
            "  lstm.bias_hh_l0 [20] is not in the file",
            "  head.weight [1, 5] is 'fc.weight' [2, 5] in the file",
            "  head.bias [1] is 'fc.bias' [2] in the file",
            "  the model has no parameter for 'lstm.weight_hr_l0' [4, 5]",
        ];
        Assert.AreSequenceEqual(expected, lines[..^1]);
        Assert.StartsWith("Hint: the sizes of the options must be the file's", lines[^1]);
    }

    /// <summary>A model with such weights could be saved, and not be loaded.</summary>
    [TestMethod]
    public void WeightsThatAreNotFiniteAreRefusedByName()
    {
        ModelSpec spec = ModelSpec.Stack(Signal.PerStep, new RecurrentSpec(RecurrentCell.Lstm, 5), 1, new HeadSpec(Pooling.Last, 1));
        var tensors = StateDict(spec, Random(spec, 0.1f), "lstm.", "fc.").ToArray();
        tensors.Single(tensor => tensor.Name == "lstm.weight_hh_l0").Values[7] = float.NaN;
        InitialWeights weights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(tensors)));
        var trainer = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
        {
            DoNotTrain(options);
            options.InitialWeights = weights;
        }));
        Assert.Contains(
            "  lstm.weight_hh_l0 [20, 5] is 'lstm.weight_hh_l0' in the file, which has values that are NaN, infinite or beyond the range of Single",
            Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Signal.View(_context))).Message);
    }

    [TestMethod]
    public void AnotherHeadBeginsRandom()
    {
        ModelSpec spec = ModelSpec.Stack(Signal.PerStep, new RecurrentSpec(RecurrentCell.Lstm, 5), 1, new HeadSpec(Pooling.Last, 7));
        InitialWeights weights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(StateDict(spec, Random(spec, 0.1f), "lstm.", "fc."))));
        LstmPredictionTransformer Fit(InitialWeights initial) => _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options =>
        {
            DoNotTrain(options);
            (options.InitialWeights, options.NormalizeFeatures) = (initial, false);
        })).Fit(Signal.View(_context));
        Assert.Throws<ArgumentException>(() => Fit(weights));
        var model = Fit(weights.WithoutHead());
        Assert.AreSequenceEqual(weights.Tensors.Single(tensor => tensor.Name == "lstm.weight_hh_l0").Values, model.Model.GetWeights("lstm.weight_hh_l0").ToArray());
        Assert.IsTrue(model.Model.GetWeights("head.weight").ToArray().All(value => value != 0));
    }

    [TestMethod]
    public void ModulesOfTheirOwnAreLayersInTheOrderOfTheirNames()
    {
        ModelSpec spec = ModelSpec.Stack(Signal.PerStep, new RecurrentSpec(RecurrentCell.Gru, 3), 2, new HeadSpec(Pooling.Last, 1));
        var tensors = StateDict(spec, Random(spec, 1), "", "decoder.").Select(tensor =>
            (tensor.Name.Contains("_l1") ? $"layers.10.{tensor.Name.Replace("_l1", "_l0")}" : tensor.Name.Contains("_l0") ? $"layers.2.{tensor.Name}" : tensor.Name, tensor.Shape, tensor.Values)).ToArray();
        InitialWeights weights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(tensors)));
        var model = _context.BinaryClassification.Trainers.Lstm(Signal.Small<LstmBinaryTrainer.Options>(nameof(Signal.IsLate), options =>
        {
            DoNotTrain(options);
            (options.InitialWeights, options.NormalizeFeatures, options.Cell, options.NumberOfLayers, options.HiddenSize) = (weights, false, RecurrentCell.Gru, 2, 3);
        })).Fit(Signal.View(_context));
        Assert.AreSequenceEqual(weights.Tensors.Single(tensor => tensor.Name == "layers.10.weight_ih_l0").Values, model.Model.GetWeights("gru.weight_ih_l1").ToArray());
        Assert.Contains("has no tensor 'nothing'", Assert.ThrowsExactly<KeyNotFoundException>(() => weights.Rename("nothing", "head.weight")).Message);
        Assert.Contains("head.weight", weights.Rename("decoder.weight", "head.weight").Names.ToList());
    }

    [TestMethod]
    [DataRow("F64", 0)]
    [DataRow("F16", 1e-3)]
    [DataRow("BF16", 1e-2)]
    public void OtherPrecisionsAreConverted(string type, double tolerance)
    {
        float[] values = [1.5f, -0.3f, 2e-3f, 100.25f];
        InitialWeights weights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(type, ("a", [2, 2], values))));
        for (int i = 0; i < values.Length; i++) Assert.AreEqual(values[i], weights.Tensors[0].Values[i], (tolerance * Math.Abs(values[i])) + 1e-12);
    }

    [TestMethod]
    public void FilesThatAreDamagedAreRefused()
    {
        byte[] good = Safetensors.Of(("a", [2, 2], [1, 2, 3, 4]));
        string header = Encoding.ASCII.GetString(good, 8, good.Length - 8 - 16);
        foreach (byte[] bad in new[]
        {
            [], good[..5], good[..40], good[..^1], [255, 255, 255, 255, 255, 255, 255, 127, .. good[8..]],
            Changed("[2,2]", "[2,3]"), Changed("[2,2]", "[-2,-2]"), Changed("F32", "I64"), Changed("[0,16]", "[-8,8]"), Changed("[0,16]", "[]"), Changed("[0,16]", "[16]"), Changed("\"a\":{", "\"a\":["), Changed("shape", "shale"),
        })
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => RecurrentWeights.FromSafetensors(Write(bad))).Message;
            Assert.Contains("'weights.safetensors' is not a safetensors file, or it is damaged: ", message);
        }

        string path = _folder.File("model.onnx");
        foreach (byte[] bad in new byte[][] { [], [1, 2, 3], good, Encoding.ASCII.GetBytes("not a model at all") })
        {
            File.WriteAllBytes(path, bad);
            Assert.Contains("'model.onnx' is not an ONNX file, or it is damaged", Assert.ThrowsExactly<InvalidDataException>(() => RecurrentWeights.FromOnnx(path)).Message);
        }

        byte[] Changed(string from, string to)
        {
            string changed = header.Replace(from, to);
            Assert.AreNotEqual(header, changed);
            byte[] json = Encoding.ASCII.GetBytes(changed);
            return [.. BitConverter.GetBytes((long)json.Length), .. json, .. good[^16..]];
        }
    }

    /// <summary>Whatever the bytes are, reading ends with weights or with the one exception.</summary>
    [TestMethod]
    public void DamagedBytesNeverDoAnythingElse()
    {
        IDataView data = Signal.View(_context);
        var model = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options => (options.HiddenSize, options.LayerNormalization) = (2, true))).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.ExportToOnnx(model, data.Schema, stream);
        byte[][] files = [stream.ToArray(), Safetensors.Of(("lstm.weight_ih_l0", [4, 1], new float[4]), ("fc.weight", [2, 2], new float[4]))];
        var random = new SeededRandom(5);
        for (int run = 0; run < 3000; run++)
        {
            byte[] file = (byte[])files[run % 2].Clone();
            for (int change = 1 + random.NextInt32(3); change > 0; change--) file[random.NextInt32(file.Length)] = (byte)random.NextInt32(256);
            if (run % 5 == 0) file = file[..random.NextInt32(file.Length)];
            try
            {
                string path = Write(file);
                _ = run % 2 == 0 ? RecurrentWeights.FromOnnx(path) : RecurrentWeights.FromSafetensors(path);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [TestMethod]
    public void AFitThatStartsFromAModelTakesNoWeights()
    {
        IDataView data = Signal.View(_context);
        ModelSpec spec = ModelSpec.Stack(Signal.PerStep, new RecurrentSpec(RecurrentCell.Lstm, 5), 1, new HeadSpec(Pooling.Last, 1));
        var trainer = _context.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value), options =>
            options.InitialWeights = RecurrentWeights.FromSafetensors(Write(Safetensors.Of(StateDict(spec, Random(spec, 0.1f), "", "fc."))))));
        var first = trainer.Fit(data);
        Assert.Contains("InitialWeights must be null where training starts from a model", Assert.Throws<ArgumentException>(() => trainer.Fit(data, null, first.Model)).Message);
    }

    private string Write(byte[] file)
    {
        string path = _folder.File("weights.safetensors");
        File.WriteAllBytes(path, file);
        return path;
    }

    private static float[] Random(ModelSpec spec, float size)
    {
        var random = new SeededRandom(3);
        return [.. Enumerable.Range(0, ModelLayout.Create(spec).Sum(parameter => parameter.Rows * parameter.Columns)).Select(_ => size * ((2 * random.NextSingle()) - 1))];
    }

    /// <summary>The names and shapes that PyTorch gives to the parameters of a model.</summary>
    private static (string Name, int[] Shape, float[] Values)[] StateDict(ModelSpec spec, float[] weights, string recurrent, string head) =>
    [
        .. ParameterSet.LayOut(ModelLayout.Create(spec)).Select(parameter =>
        {
            string end = parameter.Name[(parameter.Name.IndexOf('.') + 1)..];
            return ((parameter.Role == ParameterRole.Head ? head : recurrent) + end, parameter.IsBias ? new[] { parameter.Rows } : [parameter.Rows, parameter.Columns],
                weights.AsSpan(parameter.Offset, parameter.Length).ToArray());
        }),
    ];

    private static string Weights(LstmPredictionTransformer model) => string.Join(' ', model.Model.Network.Weights.ToArray());
}
