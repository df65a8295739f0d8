using MlnetClip.Checkpoints;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>
/// The weights of the best epoch so far, and the newest ones. Users get the best; a resumed fit continues from the newest.
/// At the end of a fit the two buffers are swapped.
/// </summary>
internal sealed class BestWeights(ParameterSet parameters)
{
    private readonly float[] _others = new float[parameters.Length]; // the best weights, or the newest while the model holds the best
    private bool _modelHoldsBest;

    /// <summary>The best epoch, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Its validation loss; infinite without validation.</summary>
    public double Loss { get; private set; } = double.PositiveInfinity;

    /// <summary>Stores the model's weights when the epoch is the best so far; without validation, the newest epoch is the best.</summary>
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

    /// <summary>Swaps the model's weights: to the best, or back to the newest.</summary>
    public void SwapBestWeights(bool best)
    {
        if (best == _modelHoldsBest) return;
        Span<float> values = parameters.Values;
        for (int i = 0; i < values.Length; i++) (values[i], _others[i]) = (_others[i], values[i]);
        _modelHoldsBest = best;
    }

    /// <summary>Whether newest and best weights are all finite.</summary>
    public bool AreFinite => FloatBlock.IsFinite(parameters.Values) && FloatBlock.IsFinite(_others);

    /// <summary>Throws when the best epoch is not that of the reports.</summary>
    /// <exception cref="InvalidDataException">It is another, or has another loss.</exception>
    public void Check(IReadOnlyList<EpochReport> history)
    {
        int best = history.Count;
        while (best > 0 && !history[best - 1].IsBest) best--;
        if (Epoch != best) throw FieldReader.Wrong("the best epoch", $"must be {best}, as the reports have it", $"{Epoch}");
        double loss = best == 0 ? double.PositiveInfinity : history[best - 1].ValidationLoss ?? double.PositiveInfinity;
        if (!Loss.Equals(loss)) throw FieldReader.Wrong("the loss of the best epoch", FormattableString.Invariant($"must be {loss:R}, as its report has it"), FormattableString.Invariant($"{Loss:R}"));
    }

    /// <summary>Writes the newest and the best weights, regardless of which the model holds.</summary>
    public void Write(BinaryWriter writer)
    {
        FloatBlock.Write(writer, _modelHoldsBest ? _others : parameters.Values);
        writer.Write(Epoch);
        writer.Write(Loss);
        FloatBlock.Write(writer, _modelHoldsBest ? parameters.Values : _others);
    }

    /// <summary>Reads both; afterwards the model holds the newest.</summary>
    public void Read(BinaryReader reader)
    {
        _modelHoldsBest = false;
        FloatBlock.Read(reader, parameters.Values, "the weights");
        Epoch = reader.ReadInt32("the best epoch");
        Loss = reader.ReadDouble();
        FloatBlock.Read(reader, _others, "the weights of the best epoch");
    }
}
