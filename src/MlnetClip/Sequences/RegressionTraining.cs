using System.Globalization;
using Microsoft.ML;

namespace MlnetClip.Sequences;

/// <summary>Labels that are numbers: standardized over the training rows, each by its weight.</summary>
/// <param name="loss">The loss, in standardized units.</param>
internal sealed class RegressionTraining(ILoss loss) : TaskTraining
{
    /// <inheritdoc/>
    public override ILoss Loss => loss;

    /// <inheritdoc/>
    public override string LabelType => "Single";

    /// <inheritdoc/>
    public override string LabelHint(string column) => $"append Transforms.Conversion.ConvertType(\"{column}\", outputKind: DataKind.Single) before the trainer.";

    /// <inheritdoc/>
    public override Func<float> OpenLabels(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<float> read = row.GetGetter<float>(label);
        float value = 0;
        return () =>
        {
            read(ref value);
            return float.IsFinite(value)
                ? value
                : throw Missing(label, "hold finite numbers", row.Position, value.ToString(CultureInfo.InvariantCulture), FilterHint(label));
        };
    }

    /// <inheritdoc/>
    public override SequenceTask Learn(SequenceStore store, ReadOnlySpan<int> training, DataViewSchema.Column label, SequenceTask? start)
    {
        Span<float> targets = store.Targets;
        var task = start as RegressionTask ?? Standardise(targets, store.Weights, training, label);
        foreach (ref float target in targets) target = task.ToNetwork(target);
        return task;
    }

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new RegressionTask(0, 1);

    private static RegressionTask Standardise(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, ReadOnlySpan<int> training, DataViewSchema.Column label)
    {
        double mean = 0, squares = 0, sum = 0;
        foreach (int row in training)
        {
            mean += (double)weights[row] * targets[row];
            sum += weights[row];
        }

        mean /= sum;
        foreach (int row in training) squares += weights[row] * (targets[row] - mean) * (targets[row] - mean);
        double scale = Math.Sqrt(squares / sum);
        return scale > 0
            ? new RegressionTask(mean, scale)
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Label column '{label.Name}' must vary, but all {training.Length} training rows have {mean:R}.{Environment.NewLine}Hint: a constant label needs no model; check the name of the column."));
    }
}
