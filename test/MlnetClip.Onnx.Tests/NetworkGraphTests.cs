using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.MLNetInternals;
using MlnetClip.Models;
using MlnetClip.Onnx.Files;
using MlnetClip.Parameters;
using MlnetClip.Scoring;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests;

/// <summary>Networks of any layers, with random weights: more than the trainers' options build.</summary>
[TestClass]
public sealed class NetworkGraphTests
{
    [TestMethod]
    public void RandomNetworks()
    {
        for (ulong seed = 1; seed <= 60; seed++) Check(new SeededRandom(seed));
    }

    private static void Check(SeededRandom random)
    {
        ModelSpec spec = RandomSpec(random);
        int F = spec.Features, C = spec.Embeddings.Count, O = spec.Head.Outputs, N = 1 + random.NextInt32(5), T = 1 + random.NextInt32(6);
        float[] weights = [.. Enumerable.Range(0, ModelLayout.Create(spec).Sum(p => p.Rows * p.Columns)).Select(_ => (random.NextSingle() * 2) - 1)];
        float[] inputs = [.. Enumerable.Range(0, N * T * F).Select(_ => (random.NextSingle() * 4) - 2)];
        int[] ids = [.. Enumerable.Range(0, N * T * C).Select(i => random.NextInt32(spec.Embeddings[i % C].Count))];
        var network = new TrainedNetwork(spec, weights);
        int outputs = (spec.Head.Pooling == Pooling.EveryStep ? T : 1) * O;
        float[] expected = new float[N * outputs];
        var predictor = new SequencePredictor(network.Packed);
        for (int n = 0; n < N; n++) predictor.Predict(inputs.AsSpan(n * T * F, T * F), ids.AsSpan(n * T * C, T * C), expected.AsSpan(n * outputs, outputs));

        var model = new OnnxModel();
        OnnxGraph graph = OnnxGraph.Of(model);
        string? features = F > 0 ? graph.Input("features", typeof(float), "", -1, F) : null;
        string? keys = C > 0 ? graph.Node("Cast", [graph.Input("ids", typeof(int), "", -1, C)], ("to", typeof(long))) : null;
        string output = new NetworkGraph(graph, network).Write(features, keys);
        model.Outputs.Add(new OnnxValue(output, typeof(float), [OnnxSize.Rows, .. spec.Head.Pooling == Pooling.EveryStep ? new[] { new OnnxSize(-1, "T") } : [], new OnnxSize(O)]));
        model.Prune();
        using var file = new OnnxFile(OnnxWriter.Write(model, "0", new Dictionary<string, string>()));
        List<(string, Array, long[])> given = [];
        if (F > 0) given.Add(("features", inputs, [N, T, F]));
        if (C > 0) given.Add(("ids", ids, [N, T, C]));
        Near.AssertAll(expected, file.Run<float>(output, [.. given]), 1e-5, $"{spec}, {N} sequences of {T} steps");
    }

    private static ModelSpec RandomSpec(SeededRandom random)
    {
        bool embeds = random.NextInt32(3) == 0;
        var layers = new List<LayerSpec>();
        int recurrent = 1 + random.NextInt32(3);
        for (int k = 0; k < recurrent; k++)
        {
            if (random.NextInt32(3) == 0) layers.Add(new LayerNormalizationSpec());
            if (random.NextInt32(3) == 0) layers.Add(new DropoutSpec(0.3f));
            layers.Add(new RecurrentSpec((RecurrentCell)random.NextInt32(4), 1 + random.NextInt32(5), random.NextInt32(2) == 0));
        }

        if (random.NextInt32(3) == 0) layers.Add(new LayerNormalizationSpec(0.01f));
        return new ModelSpec
        {
            Features = embeds ? random.NextInt32(3) : 1 + random.NextInt32(4),
            Embeddings = embeds ? [.. Enumerable.Range(0, 1 + random.NextInt32(2)).Select(_ => new EmbeddingSpec(2 + random.NextInt32(4), 1 + random.NextInt32(3)))] : [],
            Layers = layers,
            Head = new HeadSpec((Pooling)random.NextInt32(4), 1 + random.NextInt32(4)),
        };
    }
}
