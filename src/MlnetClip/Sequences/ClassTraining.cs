using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are classes: at least two of them occur, and they may count differently.</summary>
/// <param name="classWeights">The class weights; null for equal weights.</param>
internal abstract class ClassTraining(ClassWeights? classWeights) : TaskTraining
{
    /// <summary>Throws when the training rows have one class only, and multiplies the weights of all rows by those of their classes.</summary>
    /// <param name="store">The sequences.</param>
    /// <param name="training">The rows for training.</param>
    /// <param name="label">The label.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="nameOf">A class in words, by its number from 0.</param>
    /// <exception cref="InvalidDataException">There is one class only.</exception>
    /// <exception cref="ArgumentException">There are not as many weights as classes.</exception>
    protected void LearnClasses(SequenceStore store, ReadOnlySpan<int> training, DataViewSchema.Column label, int classes, Func<int, string> nameOf)
    {
        Span<float> targets = store.Targets, weights = store.Weights;
        var rows = new int[classes];
        foreach (int row in training) rows[(int)targets[row]]++;
        int found = classes - rows.AsSpan().Count(0);
        if (found < 2)
            throw new InvalidDataException(
                $"Label column '{label.Name}' must have at least two classes, but all {training.Length} training rows are {nameOf((int)targets[training[0]])}."
                + $"{Environment.NewLine}Hint: check the name of the column, and that the rows have more than one class.");
        if (classWeights is null) return;
        if (classWeights.Values is { } given && given.Count != classes)
            throw new ArgumentException($"ClassWeights must have a weight for each of the {classes} classes of column '{label.Name}', but has {given.Count}.");
        for (int row = 0; row < targets.Length; row++)
        {
            int target = (int)targets[row];
            double weight = classWeights.Values?[target] ?? (rows[target] == 0 ? 1 : (double)training.Length / ((double)found * rows[target]));
            weights[row] = (float)(weights[row] * weight);
        }
    }
}
