using MlnetClip.Data;

namespace MlnetClip.Gradients;

/// <summary>
/// The stage between clipping and the optimizer, where asked for: adds normally distributed noise of variance <c>noise^2 / (1 + t)^0.55</c> to every element
/// (Neelakantan et al. 2015, arXiv:1511.06807). The noise depends on seed and step only.
/// </summary>
internal sealed class GradientNoise(float noise, ulong seed)
{
    private const ulong NoiseStream = 3;
    private const double Exponent = 0.55 / 2; // of the standard deviation

    private readonly SeededRandom _random = new(seed);

    /// <summary>Adds the noise of a step.</summary>
    public void Add(Span<float> gradients, long step)
    {
        _random.Restart(SeededRandom.Derive(seed, NoiseStream, (ulong)step));
        double deviation = noise / Math.Pow(1 + step, Exponent);
        for (int i = 0; i < gradients.Length; i += 2)
        {
            // Box and Muller: two normal numbers from two uniform ones, the first of them above 0.
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())), angle = 2 * Math.PI * _random.NextDouble();
            gradients[i] += (float)(radius * Math.Cos(angle));
            if (i + 1 < gradients.Length) gradients[i + 1] += (float)(radius * Math.Sin(angle));
        }
    }
}
