namespace MlnetClip.TestKit.Networks;

/// <summary>One direction of a recurrent layer over one sequence, in double; PyTorch's equations and order of gates.</summary>
internal sealed class ReferenceCell(LayerDescription layer, string end, IReadOnlyDictionary<string, double[]> parameters, double[] mask)
{
    private readonly double[] _W = parameters[$"{Prefix(layer)}.weight_ih{end}"], _U = parameters[$"{Prefix(layer)}.weight_hh{end}"];
    private readonly double[] _bx = parameters[$"{Prefix(layer)}.bias_ih{end}"], _bh = parameters[$"{Prefix(layer)}.bias_hh{end}"];

    /// <summary>What the names of a layer's parameters begin with.</summary>
    public static string Prefix(LayerDescription layer) => layer.Cell is "lstm" or "gru" ? layer.Cell : "rnn";

    /// <summary>Rows of weights for each hidden unit.</summary>
    public static int Gates(LayerDescription layer) => layer.Cell switch
    {
        "lstm" => 4,
        "gru" => 3,
        "rnntanh" or "rnnrelu" => 1,
        _ => throw new ArgumentException($"There is no cell '{layer.Cell}'."),
    };

    /// <summary>What the names of each direction end with.</summary>
    public static string[] Directions(LayerDescription layer) => layer.Bidirectional ? ["", "_reverse"] : [""];

    /// <summary>The states h[t] for inputs x[t], in the order of the inputs.</summary>
    public double[][] Run(double[][] x, bool reverse)
    {
        int T = x.Length, H = layer.Hidden;
        var states = new double[T][];
        double[] h = new double[H], c = new double[H];
        for (int step = 0; step < T; step++)
        {
            int t = reverse ? T - 1 - step : step;
            states[t] = h = Next(x[t], h, c);
        }

        return states;
    }

    // h after one step; c is updated in place. The mask is on h in the recurrent products alone: a GRU passes on h itself.
    private double[] Next(double[] x, double[] h, double[] c)
    {
        int H = layer.Hidden;
        double[] masked = [.. h.Zip(mask, (value, kept) => value * kept)];
        var next = new double[H];
        for (int j = 0; j < H; j++)
        {
            switch (layer.Cell)
            {
                case "lstm":
                    double i = Sigmoid(Both(0, j)), f = Sigmoid(Both(1, j)), g = Math.Tanh(Both(2, j)), o = Sigmoid(Both(3, j));
                    c[j] = (f * c[j]) + (i * g);
                    next[j] = o * Math.Tanh(c[j]);
                    break;
                case "gru":
                    double r = Sigmoid(Both(0, j)), z = Sigmoid(Both(1, j));
                    double n = Math.Tanh(FromInput(2, j) + (r * FromState(2, j)));
                    next[j] = ((1 - z) * n) + (z * h[j]);
                    break;
                default:
                    next[j] = layer.Cell == "rnntanh" ? Math.Tanh(Both(0, j)) : Math.Max(0, Both(0, j));
                    break;
            }
        }

        return next;

        double Both(int gate, int j) => FromInput(gate, j) + FromState(gate, j);
        double FromInput(int gate, int j) => _bx[(gate * H) + j] + Dot(_W, (gate * H) + j, x);
        double FromState(int gate, int j) => _bh[(gate * H) + j] + Dot(_U, (gate * H) + j, masked);
    }

    /// <summary>A row of a matrix times a vector.</summary>
    public static double Dot(double[] matrix, int row, double[] vector)
    {
        double sum = 0;
        for (int k = 0; k < vector.Length; k++) sum += matrix[(row * vector.Length) + k] * vector[k];
        return sum;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
