using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>What the trainers over sequences do not share: which labels they read and what they learn of them before the network does.</summary>
internal abstract class TaskTraining
{
    /// <summary>The loss.</summary>
    public abstract ILoss Loss { get; }

    /// <summary>Whether every time step has a label, and not the sequence.</summary>
    public virtual bool EveryStep => false;

    /// <summary>The type of the label, as Microsoft.ML prints it.</summary>
    public abstract string LabelType { get; }

    /// <summary>Whether a label may be of a type, as Microsoft.ML prints it.</summary>
    public virtual bool Accepts(string labelType) => labelType == LabelType;

    /// <summary>How a column of another type becomes one of <see cref="LabelType"/>, as the end of a hint.</summary>
    public abstract string LabelHint(string column);

    /// <summary>Throws when the label's type cannot be learned from, although its shape is right.</summary>
    public virtual void CheckLabel(DataViewSchema.Column label)
    {
    }

    /// <summary>Reads the labels of the current row as targets, a class as its number from 0.</summary>
    /// <param name="row">The row; it changes as its cursor moves.</param>
    /// <param name="label">The label.</param>
    /// <param name="targets">Receives the targets.</param>
    /// <returns>An action over the number of time steps of the row, which throws <see cref="InvalidDataException"/> for a label that is missing.</returns>
    public abstract Action<int> OpenLabels(DataViewRow row, DataViewSchema.Column label, RowTargets targets);

    /// <summary>Starts learning from the labels of the training rows.</summary>
    /// <param name="label">The label.</param>
    /// <param name="start">What the model to start from predicts; null without one.</param>
    public abstract LabelLearner Begin(DataViewSchema.Column label, SequenceTask? start);

    /// <summary>A task with columns of the right types, for the output schema before there is data.</summary>
    public abstract SequenceTask Promise(SchemaShape.Column label);

    /// <summary>The error for a row whose label is missing.</summary>
    protected static InvalidDataException Missing(DataViewSchema.Column label, string rule, long row, string got, string hint) =>
        new($"Label column '{label.Name}' must {rule}, but row {row} (from 0) has {got}.{Environment.NewLine}Hint: {hint}");

    /// <summary>How to leave rows out, as the end of a hint.</summary>
    protected static string FilterHint(DataViewSchema.Column label) => $"remove such rows with mlContext.Data.FilterRowsByMissingValues(data, \"{label.Name}\").";
}
