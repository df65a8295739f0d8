using MlnetClip.Onnx.Files;
using MlnetClip.Scoring;
using MlnetClip.Weights;

namespace MlnetClip.Onnx.Weights;

/// <summary>Finds the weights in an ONNX graph and gives them PyTorch's layout and this library's names.</summary>
internal sealed class OnnxWeights
{
    private readonly string _file;
    private readonly OnnxGraphContents _graph;
    private readonly List<WeightTensor> _tensors = [];
    private (OnnxTensorContents Weight, bool Transposed, OnnxTensorContents? Bias)? _head;
    private int _recurrent, _norms, _embeddings;

    private OnnxWeights(string file, OnnxGraphContents graph) => (_file, _graph) = (file, graph);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or a node has no counterpart.</exception>
    public static InitialWeights Read(string name, byte[] file)
    {
        var weights = new OnnxWeights(name, OnnxReader.Read(name, file));
        foreach (OnnxNodeContents node in weights._graph.Nodes) weights.Read(node);
        weights.AddHead();
        if (weights._recurrent == 0)
            throw new InvalidDataException($"'{name}' has no LSTM, GRU or RNN node, but {string.Join(", ", weights._graph.Nodes.Select(node => node.Operation).Distinct())}.");
        return new InitialWeights(name, weights._tensors, weights.Units());
    }

    private void Read(OnnxNodeContents node)
    {
        switch (node.Operation)
        {
            case "LSTM" or "GRU" or "RNN":
                ReadRecurrent(node);
                break;
            case "LayerNormalization":
                string norm = $"norm{_norms++}";
                Add($"{norm}.weight", Needed(node, 1, "scale"));
                Add($"{norm}.bias", Needed(node, 2, "bias"));
                break;
            case "Gather" when Constant(node, 0) is { Type: OnnxElement.Float, Shape.Length: 2 } table:
                Add($"embedding{_embeddings++}.weight", table);
                break;
            case "Gemm" when Constant(node, 1) is { Shape.Length: 2 } weight:
                _head = (weight, node.Attributes.GetValueOrDefault("transB") is not 1L, Constant(node, 2));
                break;
            case "MatMul" when Constant(node, 1) is { Type: OnnxElement.Float, Shape.Length: 2 } weight:
                _head = (weight, true, BiasAfter(node));
                break;
            case "Mul" when OwnNorm(node, ".weight") is { } weight:
                Add(weight.Name, weight.Tensor);
                break;
            case "Add" when OwnNorm(node, ".bias") is { } bias:
                Add(bias.Name, bias.Tensor);
                break;
        }
    }

    private void ReadRecurrent(OnnxNodeContents node)
    {
        RecurrentCell cell = CellOf(node);
        Check(node, cell);
        string prefix = cell switch { RecurrentCell.Lstm => "lstm", RecurrentCell.Gru => "gru", _ => "rnn" };
        OnnxTensorContents w = Needed(node, 1, "W"), r = Needed(node, 2, "R");
        OnnxTensorContents? b = Constant(node, 3);
        int k = _recurrent++, D = (int)w.Shape[0], rows = (int)w.Shape[1], I = (int)w.Shape[2], H = (int)r.Shape[2];
        for (int d = 0; d < D; d++)
        {
            string end = d == 0 ? $"l{k}" : $"l{k}_reverse";
            AddGates($"weight_ih_{end}", w.Values!.AsSpan(d * rows * I, rows * I), rows, I);
            AddGates($"weight_hh_{end}", r.Values!.AsSpan(d * rows * H, rows * H), rows, H);
            double[] biases = b?.Values ?? new double[2 * D * rows];
            AddGates($"bias_ih_{end}", biases.AsSpan(2 * d * rows, rows), rows, 0);
            AddGates($"bias_hh_{end}", biases.AsSpan(((2 * d) + 1) * rows, rows), rows, 0);
        }

        void AddGates(string name, ReadOnlySpan<double> values, int rows, int columns)
        {
            float[] onnx = Singles(values), ours = new float[onnx.Length];
            GateOrder.FromOnnx(cell, onnx, ours);
            _tensors.Add(new WeightTensor($"{prefix}.{name}", columns == 0 ? [rows] : [rows, columns], ours));
        }
    }

    private static RecurrentCell CellOf(OnnxNodeContents node)
    {
        var activations = node.Attributes.GetValueOrDefault("activations") as List<string>;
        switch (node.Operation)
        {
            case "LSTM": return RecurrentCell.Lstm;
            case "GRU": return RecurrentCell.Gru;
            default:
                bool relu = activations?.TrueForAll(name => name.Equals("Relu", StringComparison.OrdinalIgnoreCase)) == true;
                return relu ? RecurrentCell.RnnRelu : RecurrentCell.RnnTanh;
        }
    }

    /// <summary>Refuses what has no counterpart.</summary>
    private void Check(OnnxNodeContents node, RecurrentCell cell)
    {
        string? problem = null;
        string[] usual = cell switch { RecurrentCell.Lstm => ["Sigmoid", "Tanh", "Tanh"], RecurrentCell.Gru => ["Sigmoid", "Tanh"], RecurrentCell.RnnRelu => ["Relu"], _ => ["Tanh"] };
        if (node.Attributes.GetValueOrDefault("activations") is List<string> names
            && !names.Select((name, i) => name.Equals(usual[i % usual.Length], StringComparison.OrdinalIgnoreCase)).All(same => same))
            problem = $"its activations are {string.Join(", ", names)}";
        if (node.Attributes.GetValueOrDefault("direction") is "reverse") problem = "it reads sequences in reverse only";
        if (cell == RecurrentCell.Gru && node.Attributes.GetValueOrDefault("linear_before_reset") is not 1L) problem = "it applies the reset gate before the product with the recurrent weights";
        if (node.Attributes.GetValueOrDefault("clip") is float) problem = "it limits its activations ('clip')";
        if (node.Attributes.GetValueOrDefault("input_forget") is 1L) problem = "it couples the input and the forget gate";
        if (node.Inputs.Count > 7 && node.Inputs[7].Length > 0) problem = "it has peephole weights";
        foreach (int state in new[] { 5, 6 })
            if (Constant(node, state)?.Values?.Any(value => value != 0) == true) problem = "it begins with a state that is not 0";
        if (problem is not null) throw new InvalidDataException($"The {node} of '{_file}' has no counterpart here: {problem}.");
        OnnxTensorContents w = Needed(node, 1, "W"), r = Needed(node, 2, "R");
        int gates = GateOrder.Of(cell).Length;
        bool fits = w.Shape.Length == 3 && r.Shape.Length == 3 && w.Shape[0] is 1 or 2 && r.Shape[0] == w.Shape[0] && r.Shape[1] == w.Shape[1]
            && w.Shape[1] == gates * r.Shape[2] && w.Shape[2] > 0 && Holds(w) && Holds(r)
            && (Constant(node, 3) is not { } b || (b.Values?.LongLength == 2 * w.Shape[0] * w.Shape[1]));
        if (!fits) throw new InvalidDataException($"The {node} of '{_file}' is damaged: its weights are of shapes [{string.Join(", ", w.Shape)}] and [{string.Join(", ", r.Shape)}].");
    }

    private static bool Holds(OnnxTensorContents tensor) => tensor.Values is { } values && tensor.Shape.All(size => size is > 0 and < int.MaxValue)
        && tensor.Shape.Aggregate(1d, (product, size) => product * size) == values.LongLength;

    /// <summary>The constants of a layer normalization as this library spells it out.</summary>
    private (string Name, OnnxTensorContents Tensor)? OwnNorm(OnnxNodeContents node, string end)
    {
        foreach (string input in node.Inputs)
        {
            string name = input.StartsWith("MlnetClip/norm", StringComparison.Ordinal) ? input["MlnetClip/".Length..] : "";
            if (name.EndsWith(end, StringComparison.Ordinal) && _graph.Constants.TryGetValue(input, out OnnxTensorContents? tensor)) return (name, tensor);
        }

        return null;
    }

    /// <summary>The constant that the next node adds to a product.</summary>
    private OnnxTensorContents? BiasAfter(OnnxNodeContents product)
    {
        OnnxNodeContents? add = product.Outputs.FirstOrDefault() is { Length: > 0 } output ? _graph.Nodes.Find(node => node.Operation == "Add" && node.Inputs.Contains(output)) : null;
        return add is null ? null : Enumerable.Range(0, add.Inputs.Count).Select(i => Constant(add, i)).FirstOrDefault(tensor => tensor is not null);
    }

    private void AddHead()
    {
        if (_head is not { } head || !Holds(head.Weight)) return;
        int rows = (int)head.Weight.Shape[head.Transposed ? 1 : 0], columns = (int)head.Weight.Shape[head.Transposed ? 0 : 1];
        float[] weight = Singles(head.Weight.Values);
        if (head.Transposed)
        {
            float[] ours = new float[weight.Length];
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++) ours[(row * columns) + column] = weight[(column * rows) + row];
            weight = ours;
        }

        _tensors.Add(new WeightTensor("head.weight", [rows, columns], weight));
        float[] bias = head.Bias?.Values is { } values && values.Length == rows ? Singles(values) : new float[rows];
        _tensors.Add(new WeightTensor("head.bias", [rows], bias));
    }

    /// <summary>The scaling inside a file of this library.</summary>
    private WeightUnits Units()
    {
        double[] Own(string name) => _graph.Constants.GetValueOrDefault($"MlnetClip/{name}")?.Values ?? [];
        double[] mean = Own("label.mean"), scale = Own("label.scale");
        return new WeightUnits(Own("features.mean"), Own("features.scale"), mean.Length == 1 ? mean[0] : 0, scale.Length == 1 ? scale[0] : 1);
    }

    private void Add(string name, OnnxTensorContents tensor)
    {
        if (!Holds(tensor)) throw new InvalidDataException($"Tensor '{name}' of '{_file}' is damaged: its shape is [{string.Join(", ", tensor.Shape)}].");
        _tensors.Add(new WeightTensor(name, [.. tensor.Shape.Select(size => (int)size)], Singles(tensor.Values)));
    }

    private OnnxTensorContents Needed(OnnxNodeContents node, int input, string what) => Constant(node, input) ?? throw new InvalidDataException(
        $"The {node} of '{_file}' cannot be read: its {what} is not a constant of the file.{Environment.NewLine}Hint: export the model with constants folded.");

    /// <summary>The constant that an input of a node is, directly or through a node that only passes it on; null where it is none.</summary>
    private OnnxTensorContents? Constant(OnnxNodeContents node, int input)
    {
        string name = node.Inputs.ElementAtOrDefault(input) ?? "";
        for (int passed = 0; name.Length > 0 && passed < _graph.Nodes.Count; passed++)
        {
            if (_graph.Constants.TryGetValue(name, out OnnxTensorContents? tensor))
            {
                return tensor.IsExternal
                    ? throw new InvalidDataException($"The weights of '{_file}' are in another file ('{name}').{Environment.NewLine}Hint: save the model as a single file.")
                    : tensor.Values is null ? null : tensor;
            }

            OnnxNodeContents? source = _graph.Nodes.Find(candidate => candidate.Outputs.Contains(name));
            if (source?.Operation == "Constant") return source.Attributes.GetValueOrDefault("value") as OnnxTensorContents;
            if (source?.Operation != "Identity") return null;
            name = source.Inputs.FirstOrDefault() ?? "";
        }

        return null;
    }

    private static float[] Singles(ReadOnlySpan<double> values)
    {
        float[] singles = new float[values.Length];
        for (int i = 0; i < singles.Length; i++) singles[i] = (float)values[i];
        return singles;
    }
}
