using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>
/// One time step of a cell and its derivative, [B, H]. The sums of the gates come in two parts, [B, G * H]: that of the input, W_ih x + b_ih, and that of the
/// hidden state, W_hh h' + b_hh.
/// </summary>
internal abstract class UnrolledCell
{
    /// <summary>Whether the cell has a second state, c.</summary>
    public virtual bool HasState => false;

    /// <summary>Creates the cell of a kind.</summary>
    public static UnrolledCell Create(RecurrentCell kind) => kind switch
    {
        RecurrentCell.Lstm => new Lstm(),
        RecurrentCell.Gru => new Gru(),
        _ => new Plain(kind == RecurrentCell.RnnRelu),
    };

    /// <summary>The next states, and what <see cref="Backward"/> needs.</summary>
    /// <param name="input">The input's part of the sums.</param>
    /// <param name="hidden">The hidden state's part.</param>
    /// <param name="h">The previous hidden state.</param>
    /// <param name="c">The previous state c; null without one.</param>
    public abstract (Tensor H, Tensor? C, Tensor[] Kept) Forward(Tensor input, Tensor hidden, Tensor h, Tensor? c);

    /// <summary>From the derivatives with respect to the states to those with respect to both parts of the sums and to the previous states.</summary>
    /// <param name="kept">What <see cref="Forward"/> kept.</param>
    /// <param name="h">The previous hidden state.</param>
    /// <param name="c">The previous state c; null without one.</param>
    /// <param name="dH">The derivative with respect to the hidden state.</param>
    /// <param name="dC">That with respect to c; null where nothing is propagated to it yet, or without one.</param>
    /// <returns>Those of the sums; of c; and the part of that of h that is propagated without a product, null without one.</returns>
    public abstract (Tensor Input, Tensor Hidden, Tensor? C, Tensor? Carry) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dH, Tensor? dC);

    /// <summary>The derivatives of all gate sums, for the contribution of a time step, from those of the two parts.</summary>
    public virtual Tensor AllSums(Tensor input, Tensor hidden) => input;

    private sealed class Lstm : UnrolledCell
    {
        public override bool HasState => true;

        public override (Tensor H, Tensor? C, Tensor[] Kept) Forward(Tensor input, Tensor hidden, Tensor h, Tensor? c)
        {
            Tensor[] sums = (input + hidden).chunk(4, 1);
            Tensor i = sums[0].sigmoid(), f = sums[1].sigmoid(), g = sums[2].tanh(), o = sums[3].sigmoid();
            Tensor next = (f * c!) + (i * g), tanh = next.tanh();
            return (o * tanh, next, [i, f, g, o, tanh]);
        }

        public override (Tensor Input, Tensor Hidden, Tensor? C, Tensor? Carry) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dH, Tensor? dC)
        {
            (Tensor i, Tensor f, Tensor g, Tensor o, Tensor tanh) = (kept[0], kept[1], kept[2], kept[3], kept[4]);
            Tensor through = dH * o * (1 - (tanh * tanh));
            if (dC is not null) through = through + dC;
            Tensor sums = torch.cat([through * g * (i * (1 - i)), through * c! * (f * (1 - f)), through * i * (1 - (g * g)), dH * tanh * (o * (1 - o))], 1);
            return (sums, sums, through * f, null);
        }
    }

    private sealed class Gru : UnrolledCell
    {
        public override (Tensor H, Tensor? C, Tensor[] Kept) Forward(Tensor input, Tensor hidden, Tensor h, Tensor? c)
        {
            Tensor[] x = input.chunk(3, 1), u = hidden.chunk(3, 1);
            Tensor r = (x[0] + u[0]).sigmoid(), z = (x[1] + u[1]).sigmoid(), n = (x[2] + (r * u[2])).tanh();
            return (n + (z * (h - n)), null, [r, z, n, u[2]]);
        }

        public override (Tensor Input, Tensor Hidden, Tensor? C, Tensor? Carry) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dH, Tensor? dC)
        {
            (Tensor r, Tensor z, Tensor n, Tensor nh) = (kept[0], kept[1], kept[2], kept[3]);
            Tensor dN = dH * (1 - z) * (1 - (n * n)), dR = dN * nh * (r * (1 - r)), dZ = dH * (h - n) * (z * (1 - z));
            return (torch.cat([dR, dZ, dN], 1), torch.cat([dR, dZ, dN * r], 1), null, dH * z);
        }

        public override Tensor AllSums(Tensor input, Tensor hidden) => torch.cat([input, hidden.narrow(1, hidden.shape[1] / 3 * 2, hidden.shape[1] / 3)], 1);
    }

    private sealed class Plain(bool relu) : UnrolledCell
    {
        public override (Tensor H, Tensor? C, Tensor[] Kept) Forward(Tensor input, Tensor hidden, Tensor h, Tensor? c)
        {
            Tensor sums = input + hidden, next = relu ? sums.relu() : sums.tanh();
            return (next, null, [next]);
        }

        public override (Tensor Input, Tensor Hidden, Tensor? C, Tensor? Carry) Backward(Tensor[] kept, Tensor h, Tensor? c, Tensor dH, Tensor? dC)
        {
            Tensor sums = relu ? dH * (kept[0] > 0).to_type(torch.ScalarType.Float32) : dH * (1 - (kept[0] * kept[0]));
            return (sums, sums, null, null);
        }
    }
}
