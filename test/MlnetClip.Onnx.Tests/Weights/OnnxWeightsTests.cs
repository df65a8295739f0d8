using MlnetClip.MLNetInternals;
using MlnetClip.Onnx.Files;
using MlnetClip.Scoring;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Weights;

/// <summary>ONNX files of other programs: what is read from their nodes, and what has no counterpart.</summary>
[TestClass]
public sealed class OnnxWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void GatesComeInPyTorchsOrder()
    {
        // Gate after gate the values 1, 2, 3, 4 in the order of ONNX: i, o, f, c. PyTorch's is i, f, g, o.
        InitialWeights weights = Read(graph => graph.Node(
            "LSTM", [graph.Input("x", typeof(float), "", -1, 1), graph.Constant("onnx::LSTM_12", [1f, 2, 3, 4], 1, 4, 1), graph.Constant("onnx::LSTM_13", [10f, 20, 30, 40], 1, 4, 1),
                graph.Constant("onnx::LSTM_14", [1f, 2, 3, 4, 5, 6, 7, 8], 1, 8)], ("hidden_size", 1L)));
        Assert.AreSequenceEqual(new[] { 1f, 3, 4, 2 }, Values(weights, "lstm.weight_ih_l0"));
        Assert.AreSequenceEqual(new[] { 10f, 30, 40, 20 }, Values(weights, "lstm.weight_hh_l0"));
        Assert.AreSequenceEqual(new[] { 1f, 3, 4, 2 }, Values(weights, "lstm.bias_ih_l0"));
        Assert.AreSequenceEqual(new[] { 5f, 7, 8, 6 }, Values(weights, "lstm.bias_hh_l0"));

        InitialWeights gru = Read(graph => Gru(graph, ("linear_before_reset", 1L))); // z, r, h; PyTorch's is r, z, n; without biases they are 0
        Assert.AreSequenceEqual(new[] { 2f, 1, 3 }, Values(gru, "gru.weight_ih_l0"));
        Assert.AreSequenceEqual(new float[3], Values(gru, "gru.bias_hh_l0"));
    }

    [TestMethod]
    [DataRow("Gemm, transposed")]
    [DataRow("Gemm")]
    [DataRow("MatMul")]
    public void TheLastDenseLayerIsTheHead(string form)
    {
        InitialWeights weights = Read(graph =>
        {
            string h = Gru(graph, ("linear_before_reset", 1L));
            string norm = graph.Node("LayerNormalization", [h, graph.Constant("scale", [2f], 1), graph.Constant("shift", [3f], 1)]);
            string bias = graph.Constant("fc.bias", [7f, 8], 2);
            return form == "Gemm, transposed" ? graph.Node("Gemm", [norm, graph.Constant("fc.weight", [1f, 2, 3, 4, 5, 6], 2, 3), bias], ("transB", 1L))
                : form == "Gemm" ? graph.Node("Gemm", [norm, graph.Constant("fc.weight", [1f, 4, 2, 5, 3, 6], 3, 2), bias])
                : graph.Node("Add", [bias, graph.Node("MatMul", [norm, graph.Constant("fc.weight", [1f, 4, 2, 5, 3, 6], 3, 2)])]);
        });
        Assert.AreSequenceEqual(new[] { 1f, 2, 3, 4, 5, 6 }, Values(weights, "head.weight"));
        Assert.AreSequenceEqual(new[] { 7f, 8 }, Values(weights, "head.bias"));
        Assert.AreSequenceEqual(new[] { 2f }, Values(weights, "norm0.weight"));
        Assert.AreSequenceEqual(new[] { 3f }, Values(weights, "norm0.bias"));
    }

    [TestMethod]
    public void NodesWithoutACounterpartAreRefused()
    {
        Refused("applies the reset gate before the product", graph => Gru(graph));
        Refused("reads sequences in reverse only", graph => Gru(graph, ("linear_before_reset", 1L), ("direction", "reverse")));
        Refused("its activations are HardSigmoid, Tanh", graph => Gru(graph, ("linear_before_reset", 1L), ("activations", new[] { "HardSigmoid", "Tanh" })));
        Refused("limits its activations", graph => Gru(graph, ("linear_before_reset", 1L), ("clip", 3.0)));
        Refused("its W is not a constant of the file", graph => graph.Node("GRU", ["x", graph.Input("w", typeof(float), "", 1), graph.Constant("r", [1f], 1, 1, 1)], ("linear_before_reset", 1L)));
        Refused("has no LSTM, GRU or RNN node, but Relu", graph => graph.Node("Relu", [graph.Input("x", typeof(float), "", 1)]));
        Refused("is damaged: its weights are of shapes [1, 3, 1] and [1, 3, 2]", graph => graph.Node(
            "GRU", [graph.Input("x", typeof(float), "", -1, 1), graph.Constant("w", [1f, 2, 3], 1, 3, 1), graph.Constant("r", [1f, 2, 3, 4, 5, 6], 1, 3, 2)], ("linear_before_reset", 1L)));

        // Nodes that nothing can be read from, because they have no input or no output.
        var model = new OnnxModel();
        OnnxGraph.Of(model).Constant("fc.weight", [1f], 1, 1);
        model.Nodes.Add(new OnnxOperation("MatMul", "", "product", ["x", model.Constants[0].Name], []));
        model.Nodes.Add(new OnnxOperation("Identity", "", "nothing", [], ["passed"]));
        model.Nodes.Add(new OnnxOperation("GRU", "", "gru", ["x", "passed", "passed"], ["y"]) { Attributes = { ("linear_before_reset", 1L) } });
        Assert.Contains("The GRU node 'gru' of 'model.onnx' cannot be read: its W is not a constant of the file.", Assert.ThrowsExactly<InvalidDataException>(() => Read(model)).Message);

        void Refused(string part, Func<OnnxGraph, string> build) => Assert.Contains(part, Assert.ThrowsExactly<InvalidDataException>(() => Read(build)).Message);
    }

    private static string Gru(OnnxGraph graph, params (string, object)[] attributes) => graph.Node(
        "GRU", [graph.Input("x", typeof(float), "", -1, 1), graph.Constant("w", [1f, 2, 3], 1, 3, 1), graph.Constant("r", [1f, 2, 3], 1, 3, 1)], attributes);

    private static float[] Values(InitialWeights weights, string name) => weights.Tensors.Single(tensor => tensor.Name == name).Values;

    private InitialWeights Read(Func<OnnxGraph, string> build)
    {
        var model = new OnnxModel();
        string output = build(OnnxGraph.Of(model));
        model.Outputs.Add(new OnnxValue(output, typeof(float), [OnnxSize.Rows]));
        return Read(model);
    }

    private InitialWeights Read(OnnxModel model)
    {
        string path = _folder.File("model.onnx");
        File.WriteAllBytes(path, OnnxWriter.Write(model, "0", new Dictionary<string, string>()));
        return RecurrentWeights.FromOnnx(path);
    }
}
