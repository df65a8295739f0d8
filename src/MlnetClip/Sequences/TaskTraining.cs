using Microsoft.ML;
using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>What the trainers over sequences do not share: which labels they read and what they learn of them before the network does.</summary>
internal abstract class TaskTraining
{
    /// <summary>The loss.</summary>
    public abstract ILoss Loss { get; }

    /// <summary>The type of the label, as Microsoft.ML prints it.</summary>
    public abstract string LabelType { get; }

    /// <summary>How a column of another type becomes one of <see cref="LabelType"/>, as the end of a hint.</summary>
    public abstract string LabelHint(string column);

    /// <summary>Throws when the label's type cannot be learned from, although its shape is right.</summary>
    public virtual void CheckLabel(DataViewSchema.Column label)
    {
    }

    /// <summary>Reads the label of the current row as a target, a class as its number from 0.</summary>
    /// <returns>A function that throws <see cref="InvalidDataException"/> for a label that is missing.</returns>
    public abstract Func<float> OpenLabels(DataViewRow row, DataViewSchema.Column label);

    /// <summary>Looks at the training rows' targets, and scales the targets and weights of all rows.</summary>
    /// <param name="store">The sequences.</param>
    /// <param name="training">The rows for training.</param>
    /// <param name="label">The label.</param>
    /// <param name="start">What the model to start from predicts; null without one.</param>
    /// <exception cref="InvalidDataException">The training rows' labels do not vary.</exception>
    public abstract SequenceTask Learn(SequenceStore store, ReadOnlySpan<int> training, DataViewSchema.Column label, SequenceTask? start);

    /// <summary>A task with columns of the right types, for the output schema before there is data.</summary>
    public abstract SequenceTask Promise(SchemaShape.Column label);

    /// <summary>The error for a row whose label is missing.</summary>
    protected static InvalidDataException Missing(DataViewSchema.Column label, string rule, long row, string got, string hint) =>
        new($"Label column '{label.Name}' must {rule}, but row {row} (from 0) has {got}.{Environment.NewLine}Hint: {hint}");

    /// <summary>How to leave rows out, as the end of a hint.</summary>
    protected static string FilterHint(DataViewSchema.Column label) => $"remove such rows with mlContext.Data.FilterRowsByMissingValues(data, \"{label.Name}\").";
}
