using System.Numerics;

namespace MlnetClip.Kernels;

/// <summary>g = scale * gradient + decay * value;  s += g * g;  value -= rate * g / (sqrt(s) + eps). PyTorch's Adagrad without its decay of the rate.</summary>
internal static class AdagradUpdate
{
    internal static void Run(Span<float> values, ReadOnlySpan<float> gradients, Span<float> squares, float scale, float decay, float rate, float epsilon)
    {
        var epsilons = new Vector<float>(epsilon);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> g = (new Vector<float>(gradients[i..]) * scale) + (value * decay);
            Vector<float> s = new Vector<float>(squares[i..]) + (g * g);
            s.CopyTo(squares[i..]);
            (value - (g * rate / (Vector.SquareRoot(s) + epsilons))).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            float g = (gradients[i] * scale) + (values[i] * decay);
            float s = squares[i] + (g * g);
            squares[i] = s;
            values[i] -= g * rate / (MathF.Sqrt(s) + epsilon);
        }
    }
}
