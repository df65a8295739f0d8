using MlnetClip.Checkpoints;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// The weights of the best epoch so far, beside the newest ones. Users get the best, a resumed fit goes on from the newest:
/// between fits the two buffers are exchanged.
/// </summary>
internal sealed class BestWeights(ParameterSet parameters)
{
    private readonly float[] _others = new float[parameters.Length]; // the best weights, or the newest while the model holds the best
    private bool _modelHoldsBest;

    /// <summary>The best epoch, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Its validation loss; infinite without validation.</summary>
    public double Loss { get; private set; } = double.PositiveInfinity;

    /// <summary>Keeps the model's weights when the epoch is the best so far; without validation the newest are the best there are.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="validationLoss">Its validation loss, or null.</param>
    /// <returns>Whether it is the best.</returns>
    public bool Offer(int epoch, double? validationLoss)
    {
        if (validationLoss is { } loss && !(loss < Loss)) return false;
        (Epoch, Loss) = (epoch, validationLoss ?? double.PositiveInfinity);
        parameters.Values.CopyTo(_others);
        return true;
    }

    /// <summary>Puts the best weights into the model, or the newest back.</summary>
    public void SwapBestWeights(bool best)
    {
        if (best == _modelHoldsBest) return;
        Span<float> values = parameters.Values;
        for (int i = 0; i < values.Length; i++) (values[i], _others[i]) = (_others[i], values[i]);
        _modelHoldsBest = best;
    }

    /// <summary>Writes newest and best weights, whichever the model holds.</summary>
    public void Write(BinaryWriter writer)
    {
        FloatBlock.Write(writer, _modelHoldsBest ? _others : parameters.Values);
        writer.Write(Epoch);
        writer.Write(Loss);
        FloatBlock.Write(writer, _modelHoldsBest ? parameters.Values : _others);
    }

    /// <summary>Reads both; the model holds the newest afterwards.</summary>
    public void Read(BinaryReader reader)
    {
        _modelHoldsBest = false;
        FloatBlock.Read(reader, parameters.Values, "The checkpoint's weights");
        Epoch = reader.ReadInt32();
        Loss = reader.ReadDouble();
        FloatBlock.Read(reader, _others, "The best epoch's weights");
    }
}
