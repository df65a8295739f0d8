
namespace MlnetClip.TestKit;

/// <summary>
/// Stacked recurrent layers and a dense head in double, one sequence and one scalar at a time: slow, short, and
/// written from the equations alone. The reference for the engine's forward and backward passes.
/// </summary>
public sealed class ReferenceModel
{
    private readonly StackSpec _spec;
    private readonly int _gates;
    private readonly string _prefix;

    /// <summary>Creates a model whose parameters are zero.</summary>
    public ReferenceModel(StackSpec spec)
    {
        _spec = spec;
        (_gates, _prefix) = spec.Cell switch
        {
            RecurrentCell.Lstm => (4, "lstm"),
            RecurrentCell.Gru => (3, "gru"),
            _ => (1, "rnn"),
        };
        int H = spec.HiddenSize;
        for (int layer = 0; layer < spec.Layers; layer++)
        {
            Add($"{_prefix}.weight_ih_l{layer}", _gates * H * (layer == 0 ? spec.Features : H));
            Add($"{_prefix}.weight_hh_l{layer}", _gates * H * H);
            Add($"{_prefix}.bias_ih_l{layer}", _gates * H);
            Add($"{_prefix}.bias_hh_l{layer}", _gates * H);
        }

        Add("head.weight", spec.Outputs * H);
        Add("head.bias", spec.Outputs);

        void Add(string name, int length)
        {
            Values.Add(name, new double[length]);
            Gradients.Add(name, new double[length]);
        }
    }

    /// <summary>Values by PyTorch's names, row-major; gates in the order i, f, g, o.</summary>
    public Dictionary<string, double[]> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Gradients by the same names.</summary>
    public Dictionary<string, double[]> Gradients { get; } = new(StringComparer.Ordinal);

    /// <summary>Limits every element of what a time step passes to the one before it; infinity for none.</summary>
    public double InsideValue { get; init; } = double.PositiveInfinity;

    /// <summary>Limits the norm of what a time step passes to the one before it, hidden state and cell together; infinity for none.</summary>
    public double InsideNorm { get; init; } = double.PositiveInfinity;

    /// <summary>Time steps from the end that the gradient goes back through.</summary>
    public int TruncateSteps { get; init; } = int.MaxValue;

    /// <summary>Forward, loss and backward of one batch; gradients are overwritten.</summary>
    /// <param name="inputs">[T, B, F].</param>
    /// <param name="targets">[B, O].</param>
    /// <param name="weights">[B, O].</param>
    /// <param name="steps">T.</param>
    /// <param name="loss">See <see cref="ReferenceLoss"/>.</param>
    /// <returns>The mean loss.</returns>
    public double ComputeGradients(double[] inputs, double[] targets, double[] weights, int steps, string loss)
    {
        int B = targets.Length / _spec.Outputs, O = _spec.Outputs;
        Trace[] traces = [.. Enumerable.Range(0, B).Select(b => Forward(Sequence(inputs, b, B, steps)))];
        double[] outputs = [.. traces.SelectMany(Head)], dOutputs = new double[outputs.Length];
        double value = ReferenceLoss.Evaluate(loss, outputs, targets, weights, dOutputs, O);
        foreach (double[] gradient in Gradients.Values) Array.Clear(gradient);
        for (int b = 0; b < B; b++) Backward(traces[b], dOutputs.AsSpan(b * O, O));
        return value;
    }

    /// <summary>Outputs [B, O] for inputs [T, B, F].</summary>
    public double[] Predict(double[] inputs, int steps)
    {
        int B = inputs.Length / (steps * _spec.Features);
        return [.. Enumerable.Range(0, B).SelectMany(b => Head(Forward(Sequence(inputs, b, B, steps))))];
    }

    // What one sequence left behind in each layer: its input x[t], gates after their nonlinearity, cell c[t] (of a GRU the hidden
    // state's part of n), output h[t].
    private sealed record Trace(double[][][] X, double[][][] Gates, double[][][] C, double[][][] Hidden);

    private double[][] Sequence(double[] inputs, int b, int B, int steps)
    {
        int F = _spec.Features;
        return [.. Enumerable.Range(0, steps).Select(t => inputs.AsSpan(((t * B) + b) * F, F).ToArray())];
    }

    private Trace Forward(double[][] x)
    {
        int L = _spec.Layers, H = _spec.HiddenSize, T = x.Length;
        var trace = new Trace(new double[L][][], new double[L][][], new double[L][][], new double[L][][]);
        for (int layer = 0; layer < L; layer++)
        {
            double[] W = Values[$"{_prefix}.weight_ih_l{layer}"], U = Values[$"{_prefix}.weight_hh_l{layer}"];
            double[] bx = Values[$"{_prefix}.bias_ih_l{layer}"], bh = Values[$"{_prefix}.bias_hh_l{layer}"];
            double[][] gates = Rows(T, _gates * H), c = Rows(T, H), h = Rows(T, H);
            for (int t = 0; t < T; t++)
            {
                double[] before = t > 0 ? h[t - 1] : new double[H], cBefore = t > 0 ? c[t - 1] : new double[H];
                for (int row = 0; row < _gates * H; row++)
                {
                    double hidden = bh[row] + Dot(U, row, before);
                    if (_gates == 3 && row / H == 2)
                    {
                        c[t][row - (2 * H)] = hidden;
                        hidden *= gates[t][row - (2 * H)];
                    }

                    double sum = bx[row] + Dot(W, row, x[t]) + hidden;
                    bool isTanh = _gates == 1 || row / H == 2;
                    gates[t][row] =
                        _spec.Cell == RecurrentCell.RnnRelu ? Math.Max(0, sum) : isTanh ? Math.Tanh(sum) : 1 / (1 + Math.Exp(-sum));
                }

                for (int j = 0; j < H; j++)
                {
                    if (_gates == 1)
                    {
                        h[t][j] = gates[t][j];
                        continue;
                    }

                    if (_gates == 3)
                    {
                        double z = gates[t][H + j];
                        h[t][j] = ((1 - z) * gates[t][(2 * H) + j]) + (z * before[j]);
                        continue;
                    }

                    double i = gates[t][j], f = gates[t][H + j], g = gates[t][(2 * H) + j], o = gates[t][(3 * H) + j];
                    c[t][j] = (f * cBefore[j]) + (i * g);
                    h[t][j] = o * Math.Tanh(c[t][j]);
                }
            }

            (trace.X[layer], trace.Gates[layer], trace.C[layer], trace.Hidden[layer]) = (x, gates, c, h);
            x = h;
        }

        return trace;
    }

    private double[] Head(Trace trace)
    {
        double[] last = trace.Hidden[^1][^1], W = Values["head.weight"], b = Values["head.bias"];
        return [.. Enumerable.Range(0, _spec.Outputs).Select(o => b[o] + Dot(W, o, last))];
    }

    private void Backward(Trace trace, ReadOnlySpan<double> dOutputs)
    {
        int H = _spec.HiddenSize, T = trace.X[0].Length;
        double[][] dHidden = Rows(T, H);
        for (int o = 0; o < dOutputs.Length; o++)
            Accumulate("head.weight", "head.bias", o, dOutputs[o], trace.Hidden[^1][^1], dHidden[T - 1]);

        for (int layer = _spec.Layers - 1; layer >= 0; layer--)
        {
            double[][] x = trace.X[layer], gates = trace.Gates[layer], c = trace.C[layer], h = trace.Hidden[layer];
            double[][] dX = Rows(T, x[0].Length);
            double[] dC = new double[H];
            for (int t = T - 1; t >= Math.Max(0, T - (long)TruncateSteps); t--)
            {
                double[] before = t > 0 ? h[t - 1] : new double[H], dBefore = new double[H];
                double[] dSum = new double[_gates * H], dHiddenSum = dSum;
                if (_gates == 3) dHiddenSum = new double[_gates * H];
                for (int j = 0; j < H; j++)
                {
                    double dh = dHidden[t][j];
                    if (_gates == 1)
                    {
                        dSum[j] = dh * (_spec.Cell == RecurrentCell.RnnRelu ? (h[t][j] > 0 ? 1 : 0) : 1 - (h[t][j] * h[t][j]));
                        continue;
                    }

                    if (_gates == 3)
                    {
                        double r = gates[t][j], z = gates[t][H + j], n = gates[t][(2 * H) + j], dn = dh * (1 - z) * (1 - (n * n));
                        dHiddenSum[j] = dSum[j] = dn * c[t][j] * r * (1 - r);
                        dHiddenSum[H + j] = dSum[H + j] = dh * (before[j] - n) * z * (1 - z);
                        dSum[(2 * H) + j] = dn;
                        dHiddenSum[(2 * H) + j] = dn * r;
                        dBefore[j] += dh * z;
                        continue;
                    }

                    double i = gates[t][j], f = gates[t][H + j], g = gates[t][(2 * H) + j], o = gates[t][(3 * H) + j];
                    double tanhC = Math.Tanh(c[t][j]), cBefore = t > 0 ? c[t - 1][j] : 0;
                    dC[j] += dh * o * (1 - (tanhC * tanhC));
                    dSum[j] = dC[j] * g * i * (1 - i);
                    dSum[H + j] = dC[j] * cBefore * f * (1 - f);
                    dSum[(2 * H) + j] = dC[j] * i * (1 - (g * g));
                    dSum[(3 * H) + j] = dh * tanhC * o * (1 - o);
                    dC[j] *= f;
                }

                for (int row = 0; row < dSum.Length; row++)
                {
                    Accumulate($"{_prefix}.weight_ih_l{layer}", $"{_prefix}.bias_ih_l{layer}", row, dSum[row], x[t], dX[t]);
                    Accumulate($"{_prefix}.weight_hh_l{layer}", $"{_prefix}.bias_hh_l{layer}", row, dHiddenSum[row], before, dBefore);
                }

                double norm = Math.Sqrt(dBefore.Sum(d => d * d) + dC.Sum(d => d * d));
                double scale = norm > InsideNorm ? InsideNorm / norm : 1;
                for (int j = 0; j < H; j++)
                {
                    dC[j] = Math.Clamp(dC[j] * scale, -InsideValue, InsideValue);
                    if (t > 0) dHidden[t - 1][j] += Math.Clamp(dBefore[j] * scale, -InsideValue, InsideValue);
                }
            }

            dHidden = dX;
        }
    }

    // The derivative of sum = bias[row] + weights[row] . input, given that of the sum.
    private void Accumulate(string weights, string bias, int row, double dSum, double[] input, double[] dInput)
    {
        double[] W = Values[weights], dW = Gradients[weights];
        Gradients[bias][row] += dSum;
        for (int k = 0; k < input.Length; k++)
        {
            dW[(row * input.Length) + k] += dSum * input[k];
            dInput[k] += dSum * W[(row * input.Length) + k];
        }
    }

    private static double Dot(double[] matrix, int row, double[] vector)
    {
        double sum = 0;
        for (int k = 0; k < vector.Length; k++) sum += matrix[(row * vector.Length) + k] * vector[k];
        return sum;
    }

    private static double[][] Rows(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}
