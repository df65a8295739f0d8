using System.Globalization;

namespace MlnetClip.Sequences;

/// <summary>Labels that are numbers, standardized by mean and deviation, each by its weight (West, 1979).</summary>
/// <param name="label">The label column.</param>
/// <param name="start">The task of the model to start from, whose scale is kept; null to learn one.</param>
internal sealed class NumberLearner(string label, RegressionTask? start) : LabelLearner
{
    private RegressionTask? _task = start;
    private long _count;
    private double _mean, _squares, _weight;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        _count++;
        if (weights[0] == 0) return;
        double weight = weights[0], distance = targets[0] - _mean;
        _weight += weight;
        _mean += distance * weight / _weight;
        _squares += weight * distance * (targets[0] - _mean);
    }

    /// <inheritdoc/>
    public override SequenceTask End()
    {
        double scale = Math.Sqrt(_squares / _weight);
        return _task ??= scale > 0
            ? new RegressionTask(_mean, scale)
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Label column '{label}' must vary, but all {_count} training rows have {_mean:R}.{Environment.NewLine}Hint: a constant label needs no model; check the name of the column."));
    }

    /// <inheritdoc/>
    public override void Scale(Span<float> targets, Span<float> weights)
    {
        foreach (ref float target in targets) target = _task!.ToNetwork(target);
    }
}
