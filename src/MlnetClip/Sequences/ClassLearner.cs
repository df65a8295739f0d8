namespace MlnetClip.Sequences;

/// <summary>Labels that are classes, by their number from 0: at least two of them occur, and they may count differently.</summary>
/// <param name="label">The label column.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="classWeights">The class weights; null for equal weights.</param>
/// <param name="unit">What has a label, in the plural, for example <c>training rows</c>.</param>
/// <param name="nameOf">A class in words, by its number from 0.</param>
/// <param name="task">What the model predicts.</param>
internal sealed class ClassLearner(string label, int classes, ClassWeights? classWeights, string unit, Func<int, string> nameOf, SequenceTask task) : LabelLearner
{
    private readonly long[] _counts = new long[classes];
    private double[]? _classWeights;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        for (int s = 0; s < targets.Length; s++)
            if (weights[s] > 0) _counts[(int)targets[s]]++;
    }

    /// <inheritdoc/>
    public override SequenceTask End()
    {
        int found = classes - _counts.AsSpan().Count(0);
        long total = _counts.Sum();
        if (found < 2)
            throw new InvalidDataException(
                $"Label column '{label}' must have at least two classes, but all {total} {unit} are {nameOf(Array.FindIndex(_counts, count => count > 0))}."
                + $"{Environment.NewLine}Hint: check the name of the column, and that the rows have more than one class.");
        if (classWeights is null) return task;
        if (classWeights.Values is { } given && given.Count != classes)
            throw new ArgumentException($"ClassWeights must have a weight for each of the {classes} classes of column '{label}', but has {given.Count}.");
        _classWeights = new double[classes];
        for (int k = 0; k < classes; k++)
            _classWeights[k] = classWeights.Values?[k] ?? (_counts[k] == 0 ? 1 : total / ((double)found * _counts[k]));
        return task;
    }

    /// <inheritdoc/>
    public override void Scale(Span<float> targets, Span<float> weights)
    {
        if (_classWeights is null) return;
        for (int s = 0; s < targets.Length; s++) weights[s] = (float)(weights[s] * _classWeights[(int)targets[s]]);
    }
}
