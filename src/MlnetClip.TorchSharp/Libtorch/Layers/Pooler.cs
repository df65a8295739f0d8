using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>Pools the top layer's outputs for the head, [T, B, O] to [B, O]. Padding is excluded.</summary>
/// <param name="pooling">Last, Mean or Max.</param>
/// <param name="columns">O.</param>
/// <param name="reverseFrom">The first column of a backward direction, whose last state is at the first time step; O without one.</param>
internal sealed class Pooler(Pooling pooling, int columns, int reverseFrom) : AutogradLayer
{
    protected override Tensor Compute(TorchPass pass, Tensor x) => pooling switch
    {
        Pooling.Last when reverseFrom == columns => Last(pass, x),
        Pooling.Last => torch.cat([Last(pass, x.narrow(2, 0, reverseFrom)), x.select(0, 0).narrow(1, reverseFrom, columns - reverseFrom)], 1),
        Pooling.Mean when pass.Padding is null => x.sum([0L]) / pass.TimeSteps,
        Pooling.Mean => x.masked_fill(pass.Padding, 0f).sum([0L]) / pass.LengthTensor!.to(pass.Device).view(-1, 1),
        _ => (pass.Padding is null ? x : x.masked_fill(pass.Padding, float.NegativeInfinity)).max(0).values,
    };

    private static Tensor Last(TorchPass pass, Tensor x)
    {
        if (pass.LengthTensor is null) return x.select(0, pass.TimeSteps - 1);
        Tensor last = (pass.LengthTensor - 1).to(pass.Device).view(1, -1, 1).expand(1, pass.BatchSize, x.shape[2]);
        return x.gather(0, last).squeeze(0);
    }
}
