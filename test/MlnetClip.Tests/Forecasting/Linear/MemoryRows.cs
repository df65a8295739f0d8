using MlnetClip.Forecasting;

namespace MlnetClip.Tests.Forecasting.Linear;

/// <summary>Rows in memory. Values of targets whose weight is 0 are NaN, so that one that is used is seen.</summary>
internal sealed class MemoryRows(int features, int outputs, double[] x, double[] y, double[]? weights = null) : ILinearRows
{
    public int Features => features;

    public int Outputs => outputs;

    public double[] X => x;

    public double[] Y => y;

    public int Count { get; } = y.Length / outputs;

    public void Read(int row, Span<double> xs, Span<double> ys, Span<double> ws)
    {
        x.AsSpan(row * features, features).CopyTo(xs);
        for (int k = 0; k < outputs; k++)
        {
            ws[k] = weights?[(row * outputs) + k] ?? 1;
            ys[k] = ws[k] > 0 ? y[(row * outputs) + k] : double.NaN;
        }
    }

    /// <summary>Some of the rows.</summary>
    public MemoryRows Take(int start, int end) => new(
        features, outputs, x[(start * features)..(end * features)], y[(start * outputs)..(end * outputs)], weights?[(start * outputs)..(end * outputs)]);

    /// <summary>Rows of a linear rule with noise.</summary>
    /// <param name="seed">Decides them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="rule">[outputs, features + 1], the intercept last.</param>
    /// <param name="noise">The noise of the targets, uniform from minus this to this.</param>
    /// <param name="missing">The share of targets without a value.</param>
    public static MemoryRows Of(int seed, int rows, double[,] rule, double noise = 0, double missing = 0)
    {
        int outputs = rule.GetLength(0), features = rule.GetLength(1) - 1;
        var random = new Random(seed);
        double[] x = new double[rows * features], y = new double[rows * outputs], w = new double[rows * outputs];
        for (int i = 0; i < x.Length; i++) x[i] = (2 * random.NextDouble()) - 1;
        for (int row = 0; row < rows; row++)
        {
            for (int k = 0; k < outputs; k++)
            {
                double sum = rule[k, features] + (noise * ((2 * random.NextDouble()) - 1));
                for (int i = 0; i < features; i++) sum += rule[k, i] * x[(row * features) + i];
                y[(row * outputs) + k] = sum;
                w[(row * outputs) + k] = random.NextDouble() < missing ? 0 : 1;
            }
        }

        return new MemoryRows(features, outputs, x, y, w);
    }
}
