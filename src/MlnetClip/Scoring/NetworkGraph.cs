using MlnetClip.MLNetInternals;
using MlnetClip.Models;

namespace MlnetClip.Scoring;

/// <summary>Writes a trained network as nodes of an ONNX model. Inside, values are [T, N, columns]: ONNX's layout of recurrent nodes.</summary>
/// <param name="graph">The model.</param>
/// <param name="network">The network.</param>
/// <param name="lengths">The value with the time steps of each sequence, int32 [N]; null where all sequences of a batch are as long as the batch.</param>
internal sealed class NetworkGraph(OnnxGraph graph, TrainedNetwork network, string? lengths = null)
{
    private string _x = "";
    private string? _lastState; // [N, columns], where the top layer is a recurrent one
    private int _columns, _reverseFrom, _recurrent, _norms;

    /// <summary>Writes the network.</summary>
    /// <param name="features">The value with the scaled features, [N, T, F]; null for none.</param>
    /// <param name="ids">The value with the ids, int64 [N, T, C]; null for none.</param>
    /// <returns>The outputs of the head, [N, O], or [N, T, O] with a head on every step.</returns>
    public string Write(string? features, string? ids)
    {
        ModelSpec model = network.Spec;
        _x = graph.Node("Transpose", [Inputs(features, ids)], ("perm", new long[] { 1, 0, 2 }));
        _columns = model.Features + model.Embeddings.Sum(embedding => embedding.Size);
        for (int i = 0; i < model.Layers.Count; i++)
        {
            switch (model.Layers[i])
            {
                case RecurrentSpec recurrent: Recurrent(recurrent, needsAll: NeedsAllSteps(i)); break;
                case LayerNormalizationSpec norm: Normalize(norm); break;
            }
        }

        return Head(model.Head.Pooling == Pooling.EveryStep
            ? graph.Node("Transpose", [_x], ("perm", new long[] { 1, 0, 2 }))
            : Pool(model.Head.Pooling));
    }

    /// <summary>Which time steps come after the end of a sequence, Boolean [N, T, 1].</summary>
    /// <param name="graph">The model.</param>
    /// <param name="sequences">The value with the sequences, [N, T, F].</param>
    /// <param name="lengths">The time steps of each, int32 [N].</param>
    public static string Padding(OnnxGraph graph, string sequences, string lengths)
    {
        string time = Steps(graph, sequences, axis: 1, unsqueeze: 0); // [1, T]
        string before = graph.Node("Less", [time, graph.Node("Unsqueeze", [lengths], ("axes", new long[] { 1 }))]);
        return graph.Node("Unsqueeze", [graph.Node("Not", [before])], ("axes", new long[] { 2 }));
    }

    /// <summary>Whether the outputs of a layer's time steps are read, and not its last state alone.</summary>
    private bool NeedsAllSteps(int layer) =>
        network.Spec.Head.Pooling != Pooling.Last || network.Spec.Layers.Skip(layer + 1).Any(next => next is not DropoutSpec);

    /// <summary>Features and the vectors of ids, [N, T, I].</summary>
    private string Inputs(string? features, string? ids)
    {
        List<string> parts = features is null ? [] : [features];
        for (int j = 0; j < network.Spec.Embeddings.Count; j++)
        {
            EmbeddingSpec embedding = network.Spec.Embeddings[j];
            string name = $"embedding{j}.weight";
            string table = graph.Constant(name, network.GetWeights(name), embedding.Count, embedding.Size);
            string column = graph.Node("Gather", [ids!, graph.Scalar("column", j)], ("axis", 2L));
            parts.Add(graph.Node("Gather", [table, column]));
        }

        return parts.Count == 1 ? parts[0] : graph.Node("Concat", [.. parts], ("axis", 2L));
    }

    private void Recurrent(RecurrentSpec layer, bool needsAll)
    {
        int D = layer.Bidirectional ? 2 : 1, H = layer.HiddenSize;
        string[] inputs = [_x, .. Weights(layer, D), .. lengths is null ? Array.Empty<string>() : [lengths]];
        List<(string, object)> attributes = [("hidden_size", (long)H), ("direction", D == 2 ? "bidirectional" : "forward")];
        if (layer.Cell == RecurrentCell.Gru) attributes.Add(("linear_before_reset", 1L));
        if (layer.Cell is RecurrentCell.RnnTanh or RecurrentCell.RnnRelu)
            attributes.Add(("activations", Enumerable.Repeat(layer.Cell == RecurrentCell.RnnRelu ? "Relu" : "Tanh", D).ToArray()));
        string operation = layer.Cell switch { RecurrentCell.Lstm => "LSTM", RecurrentCell.Gru => "GRU", _ => "RNN" };
        (string all, string last) = graph.Node(operation, inputs, needsAll, !needsAll, [.. attributes]);
        (_columns, _reverseFrom, _lastState) = (D * H, layer.Bidirectional ? H : D * H, null);
        if (needsAll)
        {
            // Y is [T, D, N, H].
            _x = graph.Node("Reshape", [graph.Node("Transpose", [all], ("perm", new long[] { 0, 2, 1, 3 })), graph.Integers("shape", 0, 0, _columns)]);
            return;
        }

        // Y_h is [D, N, H]: the last step of the forward direction and the first one of the backward direction, where it ends.
        _lastState = graph.Node("Reshape", [graph.Node("Transpose", [last], ("perm", new long[] { 1, 0, 2 })), graph.Integers("shape", 0, _columns)]);
    }

    /// <summary>W [D, G * H, I], R [D, G * H, H] and B [D, 2 * G * H] of the next recurrent layer.</summary>
    private string[] Weights(RecurrentSpec layer, int D)
    {
        int k = _recurrent++, H = layer.HiddenSize, rows = GateOrder.Of(layer.Cell).Length * H;
        string prefix = layer.Cell switch { RecurrentCell.Lstm => "lstm", RecurrentCell.Gru => "gru", _ => "rnn" };
        float[] w = new float[D * rows * _columns], r = new float[D * rows * H], b = new float[D * 2 * rows];
        for (int d = 0; d < D; d++)
        {
            string end = d == 0 ? $"l{k}" : $"l{k}_reverse";
            GateOrder.ToOnnx(layer.Cell, network.GetWeights($"{prefix}.weight_ih_{end}"), w.AsSpan(d * rows * _columns));
            GateOrder.ToOnnx(layer.Cell, network.GetWeights($"{prefix}.weight_hh_{end}"), r.AsSpan(d * rows * H));
            GateOrder.ToOnnx(layer.Cell, network.GetWeights($"{prefix}.bias_ih_{end}"), b.AsSpan(2 * d * rows));
            GateOrder.ToOnnx(layer.Cell, network.GetWeights($"{prefix}.bias_hh_{end}"), b.AsSpan(((2 * d) + 1) * rows));
        }

        return
        [
            graph.Constant($"{prefix}.W_l{k}", w, D, rows, _columns), graph.Constant($"{prefix}.R_l{k}", r, D, rows, H),
            graph.Constant($"{prefix}.B_l{k}", b, D, 2 * rows),
        ];
    }

    /// <summary><c>(x - mean) / sqrt(variance + epsilon) * weight + bias</c> of each time step, spelled out: the operator set has no node for it.</summary>
    private void Normalize(LayerNormalizationSpec norm)
    {
        string weight = $"norm{_norms}.weight", bias = $"norm{_norms++}.bias";
        string mean = graph.Node("ReduceMean", [_x], ("axes", new long[] { -1 }));
        string centered = graph.Node("Sub", [_x, mean]);
        string variance = graph.Node("ReduceMean", [graph.Node("Mul", [centered, centered])], ("axes", new long[] { -1 }));
        string deviation = graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Constant("epsilon", [norm.Epsilon], 1)])]);
        string scaled = graph.Node("Mul", [graph.Node("Div", [centered, deviation]), graph.Constant(weight, network.GetWeights(weight), _columns)]);
        _x = graph.Node("Add", [scaled, graph.Constant(bias, network.GetWeights(bias), _columns)]);
        _lastState = null;
    }

    private string Pool(Pooling pooling)
    {
        switch (pooling)
        {
            case Pooling.Last:
                return _lastState ?? LastRows();
            case Pooling.Mean when lengths is null:
                return graph.Node("ReduceMean", [_x], ("axes", new long[] { 0 }), ("keepdims", 0L));
            case Pooling.Mean:
                string count = graph.Node("Unsqueeze", [graph.Node("Cast", [lengths], ("to", typeof(float)))], ("axes", new long[] { 1 }));
                return graph.Node("Div", [SumWhere(graph.Node("Less", [Steps(), lengths])), count]);
            default:
                string values = lengths is null
                    ? _x
                    : graph.Node("Where", [Columns(graph.Node("Less", [Steps(), lengths])), _x, graph.Constant("lowest", [float.NegativeInfinity], 1)]);
                return graph.Node("ReduceMax", [values], ("axes", new long[] { 0 }), ("keepdims", 0L));
        }
    }

    /// <summary>The last time step's values, and the first one's of the backward direction.</summary>
    private string LastRows()
    {
        string last = lengths is null
            ? graph.Node("Gather", [_x, graph.Scalar("last", -1)], ("axis", 0L))
            : SumWhere(graph.Node("Equal", [Steps(), graph.Node("Sub", [lengths, graph.Node("Cast", [graph.Scalar("one", 1)], ("to", typeof(int)))])]));
        if (_reverseFrom == _columns) return last;
        string first = graph.Node("Gather", [_x, graph.Scalar("first", 0)], ("axis", 0L)), axis = graph.Integers("axis", 1);
        string forward = graph.Node("Slice", [last, graph.Integers("from", 0), graph.Integers("to", _reverseFrom), axis]);
        string backward = graph.Node("Slice", [first, graph.Integers("from", _reverseFrom), graph.Integers("to", _columns), axis]);
        return graph.Node("Concat", [forward, backward], ("axis", 1L));
    }

    /// <summary>The numbers of the time steps from 0, int32 [T, 1].</summary>
    private string Steps() => Steps(graph, _x, axis: 0, unsqueeze: 1);

    private static string Steps(OnnxGraph graph, string sequences, long axis, long unsqueeze)
    {
        string T = graph.Node("Gather", [graph.Node("Shape", [sequences]), graph.Scalar("time", axis)]);
        string range = graph.Node("Range", [graph.Scalar("from", 0), T, graph.Scalar("step", 1)]);
        return graph.Node("Cast", [graph.Node("Unsqueeze", [range], ("axes", new long[] { unsqueeze }))], ("to", typeof(int)));
    }

    /// <summary>[T, N] as [T, N, 1].</summary>
    private string Columns(string mask) => graph.Node("Unsqueeze", [mask], ("axes", new long[] { 2 }));

    /// <summary>The sum over the time steps of a mask [T, N].</summary>
    private string SumWhere(string mask) => graph.Node(
        "ReduceSum", [graph.Node("Where", [Columns(mask), _x, graph.Constant("zero", [0f], 1)])], ("axes", new long[] { 0 }), ("keepdims", 0L));

    /// <summary>The dense layer over the last axis.</summary>
    private string Head(string pooled)
    {
        int O = network.Spec.Head.Outputs, I = _columns;
        ReadOnlySpan<float> weight = network.GetWeights("head.weight");
        string bias = graph.Constant("head.bias", network.GetWeights("head.bias"), O);
        if (network.Spec.Head.Pooling != Pooling.EveryStep)
            return graph.Node("Gemm", [pooled, graph.Constant("head.weight", weight, O, I), bias], ("transB", 1L));
        float[] transposed = new float[weight.Length];
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++) transposed[(i * O) + o] = weight[(o * I) + i];
        return graph.Node("Add", [graph.Node("MatMul", [pooled, graph.Constant("head.weight", transposed, I, O)]), bias]);
    }
}
