using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Reads the training or the validation sequences from the data itself, scaled as those in memory are.</summary>
/// <param name="reader">All sequences; disposed with this cursor.</param>
/// <param name="split">Which of them train.</param>
/// <param name="training">True for those that train, false for those that validate.</param>
/// <param name="perStep">Values, or keys, of a time step.</param>
/// <param name="scaler">How features are scaled.</param>
/// <param name="labels">How labels and weights are scaled.</param>
internal sealed class SequenceCursor(SequenceReader reader, RowSplit split, bool training, int perStep, FeatureScaler scaler, LabelLearner labels) : ISequenceCursor
{
    private int _row = -1;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        while (reader.MoveNext())
        {
            if (++_row == split.Count) throw Changed("more");
            if (split.IsTraining(_row) == training) return true;
        }

        return _row + 1 == split.Count ? false : throw Changed("fewer");
    }

    /// <inheritdoc/>
    public void CopyTo(SequenceBatch batch, int index)
    {
        Span<float> values = reader.Values;
        int steps = (values.Length + reader.Ids.Length) / perStep;
        if (steps > batch.Shape.TimeSteps)
            throw new InvalidDataException($"The longest sequence had {batch.Shape.TimeSteps} time steps when the data was first read, but now one has {steps}. Hint: the data must not change during a fit.");
        if (!values.IsEmpty) scaler.Apply(values);
        labels.Scale(reader.Targets, reader.Weights);
        batch.Lengths[index] = steps;
        SequencePlace.Write(batch, index, values, reader.Ids, reader.Targets, reader.Weights);
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    /// <summary>Another number of rows would mix those that train with those that validate.</summary>
    private InvalidDataException Changed(string how) =>
        new($"The data had {split.Count} sequences when they were first read, but now {how}. Hint: the data must not change during a fit.");
}
