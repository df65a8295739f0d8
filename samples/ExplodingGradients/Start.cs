using MlnetClip.Data;
using MlnetClip.Parameters;

namespace ExplodingGradients;

/// <summary>The paper's two ways to initialize tanh units, all biases zero, and a third.</summary>
internal static class Start
{
    /// <summary>Fills the parameters from the seed alone.</summary>
    /// <param name="name">
    /// <c>basic</c>: all weights from N(0, 0.1), as standard deviation. <c>smart</c>: input and output weights from N(0, 0.01); each unit has
    /// 15 incoming connections, and the recurrent matrix has the spectral radius 0.95. <c>unit</c>: recurrent weights from N(0, 1/H), in variance, so a radius about 1;
    /// all others, the biases too, uniform in ±1/sqrt(H) as the backend left them. The gradient does not vanish at first, so early time steps contribute from the first training step on.
    /// </param>
    public static void Fill(ParameterSet parameters, string name, ulong seed)
    {
        if (name is not ("smart" or "basic" or "unit")) throw new ArgumentException($"A start is smart, basic or unit, but was '{name}'.", nameof(name));
        var random = new SeededRandom(seed);
        double deviation = name == "smart" ? 0.01 : 0.1;
        foreach (Parameter parameter in parameters.Items)
        {
            Span<float> values = parameters.ValuesOf(parameter);
            if (name == "unit")
            {
                if (parameter.Role != ParameterRole.Recurrent) continue;
                deviation = 1 / Math.Sqrt(parameter.Columns);
            }

            foreach (ref float value in values) value = parameter.IsBias ? 0 : (float)(deviation * Normal(random));
            if (name == "smart" && parameter.Role == ParameterRole.Recurrent) Sparse(values, parameter.Columns, random);
        }
    }

    private static void Sparse(Span<float> weights, int H, SeededRandom random)
    {
        int[] units = [.. Enumerable.Range(0, H)];
        for (int unit = 0; unit < H; unit++)
        {
            random.Shuffle(units);
            foreach (int silent in units.AsSpan(15)) weights[(unit * H) + silent] = 0;
        }

        double scale = 0.95 / SpectralRadius(weights, H);
        foreach (ref float weight in weights) weight = (float)(weight * scale);
    }

    /// <summary>The limit of ||W^n||^(1/n) (Gelfand), with n doubled twenty times.</summary>
    internal static double SpectralRadius(ReadOnlySpan<float> weights, int H)
    {
        var power = new double[H * H];
        for (int i = 0; i < power.Length; i++) power[i] = weights[i];
        double logarithm = 0;
        for (int doubling = 0; doubling <= 20; doubling++)
        {
            double norm = Math.Sqrt(power.Sum(x => x * x));
            logarithm += Math.Log(norm) / Math.ScaleB(1, doubling);
            var square = new double[H * H];
            for (int i = 0; i < H; i++)
                for (int k = 0; k < H; k++)
                    for (int j = 0; j < H; j++) square[(i * H) + j] += power[(i * H) + k] / norm * (power[(k * H) + j] / norm);
            power = square;
        }

        return Math.Exp(logarithm);
    }

    private static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
