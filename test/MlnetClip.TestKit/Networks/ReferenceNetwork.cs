namespace MlnetClip.TestKit.Networks;

/// <summary>
/// A network in double, one sequence and one step at a time, written from the equations alone. It knows nothing of padding:
/// of a sequence it reads its valid steps. Gradients are central differences, so there is no backward pass to get wrong.
/// </summary>
public sealed class ReferenceNetwork
{
    // Small enough for saturated gates, whose third derivatives are large, and for sums near a kink.
    private const double Step = 2e-6;

    private readonly NetworkDescription _description;
    private readonly Dictionary<string, double[]> _parameters = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Creates a network whose parameters are zero.</summary>
    public ReferenceNetwork(NetworkDescription description)
    {
        _description = description;
        for (int j = 0; j < description.Embeddings.Count; j++)
            Add($"embedding{j}.weight", description.Embeddings[j].Count * description.Embeddings[j].Size);

        int width = description.InputWidth, recurrent = 0, norms = 0;
        foreach (LayerDescription layer in description.Layers)
        {
            if (layer.Type == "recurrent")
            {
                foreach (string suffix in ReferenceCell.Directions(layer))
                {
                    string end = $"_l{recurrent}{suffix}", prefix = ReferenceCell.Prefix(layer);
                    int rows = ReferenceCell.Gates(layer) * layer.Hidden;
                    Add($"{prefix}.weight_ih{end}", rows * width);
                    Add($"{prefix}.weight_hh{end}", rows * layer.Hidden);
                    Add($"{prefix}.bias_ih{end}", rows);
                    Add($"{prefix}.bias_hh{end}", rows);
                }

                recurrent++;
                width = layer.Hidden * (layer.Bidirectional ? 2 : 1);
            }
            else if (layer.Type == "layernorm")
            {
                Add($"norm{norms}.weight", width);
                Add($"norm{norms++}.bias", width);
            }
        }

        Add("head.weight", description.Head.Outputs * width);
        Add("head.bias", description.Head.Outputs);

        void Add(string name, int length)
        {
            _names.Add(name);
            _parameters.Add(name, new double[length]);
        }
    }

    /// <summary>The parameters' names, in the order of the network.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Values by name, row-major; write into the arrays.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters => _parameters;

    /// <summary>Dropout's masks, as <see cref="NetworkGolden.Masks"/> names them; without a mask nothing is dropped.</summary>
    public Dictionary<string, double[]> Masks { get; } = new(StringComparer.Ordinal);

    /// <summary>Outputs [S, B, O]; padded steps are 0.</summary>
    public double[] Outputs(NetworkBatch batch)
    {
        int O = _description.Head.Outputs, B = batch.Size;
        bool everyStep = _description.Head.Pooling == "everystep";
        var outputs = new double[(everyStep ? batch.Steps : 1) * B * O];
        for (int b = 0; b < B; b++)
        {
            double[][] top = Top(batch, b);
            double[][] rows = everyStep ? top : [Pool(top)];
            for (int s = 0; s < rows.Length; s++)
            {
                for (int o = 0; o < O; o++)
                    outputs[(((s * B) + b) * O) + o] = _parameters["head.bias"][o] + ReferenceCell.Dot(_parameters["head.weight"], o, rows[s]);
            }
        }

        return outputs;
    }

    /// <summary>The mean loss of a batch; see <see cref="NetworkLoss"/>.</summary>
    public double Loss(NetworkBatch batch, string loss) =>
        NetworkLoss.Mean(loss, Outputs(batch), batch.Targets, batch.Weights, _description.Head.Outputs);

    /// <summary>The gradient of <see cref="Loss"/> with respect to a parameter, by central differences.</summary>
    public double[] NumericalGradient(string parameterName, NetworkBatch batch, string loss) =>
        FiniteDifferences.Gradient(() => Loss(batch, loss), _parameters[parameterName], Step);

    /// <summary>One element of <see cref="NumericalGradient"/>, for parameters too large to try every element.</summary>
    public double NumericalDerivative(string parameterName, int element, NetworkBatch batch, string loss) =>
        FiniteDifferences.Derivative(() => Loss(batch, loss), _parameters[parameterName], element, Step);

    // The last layer's outputs at the valid steps of one sequence.
    private double[][] Top(NetworkBatch batch, int b)
    {
        int recurrent = 0, norms = 0, dropouts = 0;
        double[][] x = [.. Enumerable.Range(0, batch.LengthOf(b)).Select(t => Input(batch, t, b))];
        foreach (LayerDescription layer in _description.Layers)
        {
            x = layer.Type switch
            {
                "recurrent" => Recurrent(layer, recurrent++, x, b),
                "layernorm" => Normalized(layer, norms++, x),
                "dropout" => Dropped(dropouts++, x, batch.Size, b),
                _ => throw new ArgumentException($"There is no layer type '{layer.Type}'."),
            };
        }

        return x;
    }

    private double[] Input(NetworkBatch batch, int t, int b)
    {
        int F = _description.Features, C = _description.Embeddings.Count, row = (t * batch.Size) + b;
        IEnumerable<double> columns = batch.Inputs.AsSpan(row * F, F).ToArray();
        for (int j = 0; j < C; j++)
        {
            int size = _description.Embeddings[j].Size;
            columns = columns.Concat(_parameters[$"embedding{j}.weight"].Skip(batch.Ids[(row * C) + j] * size).Take(size));
        }

        return [.. columns];
    }

    private double[][] Recurrent(LayerDescription layer, int k, double[][] x, int b)
    {
        double[][] outputs = [.. x.Select(_ => Array.Empty<double>())];
        foreach (string suffix in ReferenceCell.Directions(layer))
        {
            double[]? mask = Masks.GetValueOrDefault($"recurrent{k}{suffix}");
            double[] ofSequence = mask is null ? Ones(layer.Hidden) : mask.AsSpan(b * layer.Hidden, layer.Hidden).ToArray();
            double[][] h = new ReferenceCell(layer, $"_l{k}{suffix}", _parameters, ofSequence).Run(x, reverse: suffix.Length > 0);
            outputs = [.. outputs.Zip(h, (left, right) => left.Concat(right).ToArray())];
        }

        return outputs;
    }

    // y = weight * (x - mean) / sqrt(variance + epsilon) + bias at each step; the variance divides by the width.
    private double[][] Normalized(LayerDescription layer, int j, double[][] x)
    {
        double[] weight = _parameters[$"norm{j}.weight"], bias = _parameters[$"norm{j}.bias"];
        return [.. x.Select(row =>
        {
            double mean = row.Average(), variance = row.Average(v => (v - mean) * (v - mean));
            return row.Select((v, i) => (weight[i] * (v - mean) / Math.Sqrt(variance + layer.Epsilon)) + bias[i]).ToArray();
        })];
    }

    private double[][] Dropped(int j, double[][] x, int B, int b)
    {
        if (!Masks.TryGetValue($"dropout{j}", out double[]? mask)) return x;
        return [.. x.Select((row, t) => row.Select((v, i) => v * mask[(((t * B) + b) * row.Length) + i]).ToArray())];
    }

    private double[] Pool(double[][] top)
    {
        switch (_description.Head.Pooling)
        {
            case "mean": return Columns(column => column.Average());
            case "max": return Columns(column => column.Max());
            case "last":
                // A direction ends at the last step or at the first, whatever lies above the recurrent layer.
                int forward = top[0].Length / (_description.Layers.Last(l => l.Type == "recurrent").Bidirectional ? 2 : 1);
                return [.. top[^1].Take(forward), .. top[0].Skip(forward)];
            default: throw new ArgumentException($"There is no pooling '{_description.Head.Pooling}'.");
        }

        double[] Columns(Func<IEnumerable<double>, double> pool) =>
            [.. Enumerable.Range(0, top[0].Length).Select(i => pool(top.Select(row => row[i])))];
    }

    private static double[] Ones(int length) => [.. Enumerable.Repeat(1.0, length)];
}
