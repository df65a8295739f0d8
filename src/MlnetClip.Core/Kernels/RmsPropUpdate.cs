using System.Numerics;

namespace MlnetClip.Kernels;

/// <summary>
/// g = scale * gradient + decay * value;  s = alpha * s + (1 - alpha) * g * g;  d = g / (sqrt(s) + eps);
/// value -= rate * d, or with momentum b = momentum * b + d, value -= rate * b. PyTorch's RMSprop (Hinton's lecture 6e).
/// </summary>
internal static class RmsPropUpdate
{
    /// <summary>Runs one update; <paramref name="buffer"/> is empty without momentum.</summary>
    internal static void Run(
        Span<float> values, ReadOnlySpan<float> gradients, Span<float> squares, Span<float> buffer,
        float scale, float decay, float rate, float alpha, float epsilon, float momentum)
    {
        float rest = 1f - alpha;
        bool hasMomentum = !buffer.IsEmpty;
        var epsilons = new Vector<float>(epsilon);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> g = (new Vector<float>(gradients[i..]) * scale) + (value * decay);
            Vector<float> s = (new Vector<float>(squares[i..]) * alpha) + (g * g * rest);
            s.CopyTo(squares[i..]);
            Vector<float> d = g / (Vector.SquareRoot(s) + epsilons);
            if (hasMomentum)
            {
                d = (new Vector<float>(buffer[i..]) * momentum) + d;
                d.CopyTo(buffer[i..]);
            }

            (value - (d * rate)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            float g = (gradients[i] * scale) + (values[i] * decay);
            float s = (squares[i] * alpha) + (g * g * rest);
            squares[i] = s;
            float d = g / (MathF.Sqrt(s) + epsilon);
            if (hasMomentum) buffer[i] = d = (buffer[i] * momentum) + d;
            values[i] -= d * rate;
        }
    }
}
