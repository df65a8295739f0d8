using System.Numerics;

namespace MlnetClip.Kernels;

/// <summary>
/// g = scale * gradient + decay * value;  m = b1 * m + (1 - b1) * g;  v = b2 * v + (1 - b2) * g * g;
/// value = shrink * value - step * m / (sqrt(v) / root + eps), with step = rate / (1 - b1^t) and root = sqrt(1 - b2^t).
/// Kingma and Ba 2015; Loshchilov and Hutter 2019 for the decoupled decay (shrink = 1 - rate * decay).
/// </summary>
internal static class AdamUpdate
{
    internal static void Run(
        Span<float> values, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second,
        float scale, float decay, float shrink, float beta1, float beta2, float step, float root, float epsilon)
    {
        int i = 0, n = values.Length, width = Vector<float>.Count;
        float rest1 = 1f - beta1, rest2 = 1f - beta2;
        gradients = gradients[..n];
        first = first[..n];
        second = second[..n];
        var roots = new Vector<float>(root);
        var epsilons = new Vector<float>(epsilon);
        for (; i <= n - width; i += width)
        {
            var value = new Vector<float>(values.Slice(i, width));
            Vector<float> g = (new Vector<float>(gradients.Slice(i, width)) * scale) + (value * decay);
            Vector<float> m = (new Vector<float>(first.Slice(i, width)) * beta1) + (g * rest1);
            Vector<float> v = (new Vector<float>(second.Slice(i, width)) * beta2) + (g * g * rest2);
            m.CopyTo(first.Slice(i, width));
            v.CopyTo(second.Slice(i, width));
            Vector<float> denominator = (Vector.SquareRoot(v) / roots) + epsilons;
            ((value * shrink) - (m * step / denominator)).CopyTo(values.Slice(i, width));
        }

        for (; i < n; i++)
        {
            float g = (gradients[i] * scale) + (values[i] * decay);
            float m = (first[i] * beta1) + (g * rest1);
            float v = (second[i] * beta2) + (g * g * rest2);
            first[i] = m;
            second[i] = v;
            values[i] = (values[i] * shrink) - (m * step / ((MathF.Sqrt(v) / root) + epsilon));
        }
    }
}
