using Microsoft.ML;
using MlnetClip.Forecasting;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Persistence;

/// <summary>Fields of a model entry that cannot be right, with a checksum that fits: each is refused by its name before anything of its size is allocated.</summary>
[TestClass]
public sealed class ModelFieldTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly LstmForecastingTransformer Model = Forecasts.Fit(Context);
    private static readonly byte[] Entry = Written(Model);

    [TestMethod]
    [DataRow("\"WindowSize\":12", "\"WindowSize\":2000000000", "WindowSize must be from 2 to 1000000, but was 2000000000")]
    [DataRow("\"WindowSize\":12", "\"WindowSize\":900000", "Layout.WindowSize + Layout.Horizon must be at most the 90 rows trained on, but was 900000 + 3")]
    [DataRow("\"WindowSize\":12", "\"WindowSize\":1.5", "damaged: Layout.WindowSize cannot be read: ")]
    [DataRow("\"WindowSize\":12,", "", "damaged: Layout cannot be read: ")]
    [DataRow("\"HiddenSize\":6", "\"HiddenSize\":0", "ModelSpec.Layers[0].HiddenSize must be 1 or more, but was 0")]
    [DataRow("\"HiddenSize\":6", "\"HiddenSize\":7", "the length of the weights must be ")]
    [DataRow("\"HiddenSize\":6", "\"HiddenSize\":20000", "the length of the weights must be 1600300003, but was ")]
    [DataRow("\"HiddenSize\":6", "\"HiddenSize\":2147483647", "ModelSpec: 'lstm.weight_ih_l0' would have ")]
    [DataRow("\"Outputs\":3", "\"Outputs\":2147483647", "Model.Head.Outputs must be from 3 to 3, but was 2147483647")]
    [DataRow("\"Cell\":\"Lstm\"", "\"Cell\":7", "ModelSpec.Layers[0].Cell must be Lstm, Gru, RnnTanh or RnnRelu, but was 7")]
    [DataRow("\"Type\":\"Recurrent\"", "\"Typ\":\"Recurrent\"", "the description cannot be read: ")]
    [DataRow("\"Embeddings\":[]", "\"Embeddings\":[null]", "Model.Embeddings.Count must be from 0 to 0, but was 1")]
    [DataRow("\"Pooling\":\"Last\"", "\"Pooling\":\"EveryStep\"", "Model.Head.Pooling must not be EveryStep in a forecaster")]
    [DataRow("\"Features\":1", "\"Features\":2", "Model.Features must be from 1 to 1, but was 2")]
    [DataRow("\"Mean\":0", "\"Mean\":\"NaN\"", "Scalers[0].Mean must be finite, but was NaN")]
    [DataRow("\"Scaling\":\"RelativeToLast\"", "\"Scaling\":99", "Scalers[0].Scaling must be one of ")]
    [DataRow("\"Targets\":[\"Value\"]", "\"Targets\":[\"\"]", "Columns.Targets[0] must be a name, but was ''")]
    [DataRow("\"Targets\":[\"Value\"]", "\"Targets\":[]", "Columns.Targets must have a name, but was empty")]
    [DataRow("\"Horizon\":3", "\"Horizon\":2147483647", "Layout.Horizon must be from 1 to ")]
    [DataRow("\"Lag\":0", "\"Lag\":5", "Scalers[0].Season must be the 5 rows before the window")]
    [DataRow("\"Past\":0", "\"Past\":1", "Layout.Past must be from 0 to 0, but was 1")]
    [DataRow("\"Quantiles\":[]", "\"Quantiles\":[0.5,0.1]", "Head.Quantiles must be ascending levels")]
    [DataRow("\"Quantiles\":[]", "\"Quantiles\":[0.1,0.5]", "Model.Head.Outputs must be from 6 to 6, but was 3")]
    [DataRow("\"Interval\":null", "\"Interval\":{\"Level\":0.9,\"Margins\":[[1,1,1]]}", "Head.Interval must be set with columns for bounds only")]
    [DataRow("\"LowerBoundColumn\":null", "\"LowerBoundColumn\":\"Low\"", "Head.Interval must be set with columns for bounds only")]
    [DataRow("\"Groups\":[\"\"]", "\"Groups\":[]", "Groups must be different names of series")]
    [DataRow("\"Grouped\":false", "\"Grouped\":true", "Layout.Grouped must be true with a group column only")]
    [DataRow("\"Calendar\":\"None\"", "\"Calendar\":\"HourOfDay\"", "Calendar must be None without a time column")]
    [DataRow("\"BestEpoch\":", "\"BestEpoch\":9", "Training.BestEpoch must be from 0 to 3, but was 9")]
    [DataRow("\"StopReason\":\"Completed\"", "\"StopReason\":17", "Training.StopReason must be one of ")]
    [DataRow("\"TrainingLoss\":", "\"TrainingLoss\":1e999,\"_\":", "Training.TrainingLoss must be finite")]
    [DataRow("\"Policy\":\"throw\"", "\"Policy\":\"thro\"", "Training.ClippingSummary.Policy must be the text form of a policy, but was 'thro'")]
    [DataRow("\"FiniteSteps\":", "\"FiniteSteps\":9", "Training.ClippingSummary.FiniteSteps must be from 0 to ")]
    [DataRow("\"States\":[]", "\"States\":[null]", "Training.ClippingSummary.States[0] must be set, but was null")]
    [DataRow("\"Options\":{", "\"Options\":null,\"_\":{", "damaged: Training.Options cannot be read: ")]
    [DataRow("\"Clipping\":\"norm:1\",\"NonFinite\"", "\"NonFinite\"", "Training.Options.Clipping must be set, but was missing")]
    public void AFieldThatCannotBeRightIsNamed(string written, string changed, string problem)
    {
        byte[] entry = Mutator.SealJson(Entry, json =>
        {
            Assert.Contains(written, json);
            int at = json.IndexOf(written, StringComparison.Ordinal);
            return string.Concat(json.AsSpan(0, at), changed, json.AsSpan(at + written.Length));
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => ForecastModelFormat.Read(new MemoryStream(entry)));
        Assert.IsLessThan(10 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.StartsWith("The forecasting model is damaged: ", error.Message);
        Assert.Contains(problem, error.Message);
        Assert.Contains($"{Environment.NewLine}Hint: ", error.Message);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void WeightsThatAreNotFiniteAreRefusedByName(float weight)
    {
        byte[] entry = Written(Forecasts.Fit(new MLContext(seed: 1), options => options.LinearPart = LinearPartUse.None)), payload = entry[20..^32];
        BitConverter.GetBytes(weight).CopyTo(payload, payload.Length - 4);
        var error = Assert.Throws<InvalidDataException>(() => ForecastModelFormat.Read(new MemoryStream(Mutator.Seal(entry, payload))));
        Assert.Contains("the weights of head.bias must be finite", error.Message);
    }

    [TestMethod]
    [DataRow(2_000_000_000)]
    [DataRow(100_000)]
    [DataRow(-1)]
    public void NoNumberOfLayersIsBelieved(int layers)
    {
        byte[] old = File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "forecaster-1.bin"));
        byte[] entry = Mutator.SealJson(old, json => json.Replace("\"Layers\":2", $"\"Layers\":{layers}", StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => ForecastModelFormat.Read(new MemoryStream(entry)));
        Assert.Contains($"Spec.Layers must be from 1 to 1000, but was {layers}", error.Message);
    }

    private static byte[] Written(LstmForecastingTransformer model)
    {
        using var stream = new MemoryStream();
        ForecastModelFormat.Write(stream, model);
        return stream.ToArray();
    }
}
