using System.Numerics;

namespace MlnetClip.Kernels;

/// <summary>
/// g = scale * gradient + decay * value;  m = momentum * m + (1 - dampening) * g (the first update takes m = g);
/// value -= rate * m, or rate * (g + momentum * m) with Nesterov momentum. PyTorch's SGD.
/// </summary>
internal static class SgdUpdate
{
    /// <summary>Without momentum.</summary>
    internal static void Plain(Span<float> values, ReadOnlySpan<float> gradients, float scale, float decay, float rate)
    {
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> g = (new Vector<float>(gradients[i..]) * scale) + (value * decay);
            (value - (g * rate)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++) values[i] -= ((gradients[i] * scale) + (values[i] * decay)) * rate;
    }

    /// <summary>With momentum; <paramref name="keep"/> and <paramref name="take"/> are 0 and 1 at the first update.</summary>
    internal static void Momentum(
        Span<float> values, ReadOnlySpan<float> gradients, Span<float> velocity,
        float scale, float decay, float rate, float keep, float take, float lookAhead)
    {
        // lookAhead is the momentum with Nesterov momentum, and NaN without it.
        bool nesterov = !float.IsNaN(lookAhead);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> g = (new Vector<float>(gradients[i..]) * scale) + (value * decay);
            Vector<float> m = (new Vector<float>(velocity[i..]) * keep) + (g * take);
            m.CopyTo(velocity[i..]);
            (value - ((nesterov ? g + (m * lookAhead) : m) * rate)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            float g = (gradients[i] * scale) + (values[i] * decay);
            float m = (velocity[i] * keep) + (g * take);
            velocity[i] = m;
            values[i] -= (nesterov ? g + (m * lookAhead) : m) * rate;
        }
    }
}
