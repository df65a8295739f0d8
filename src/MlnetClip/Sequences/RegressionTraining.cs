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
    public override Action<int> OpenLabels(DataViewRow row, DataViewSchema.Column label, RowTargets targets)
    {
        ValueGetter<float> read = row.GetGetter<float>(label);
        float value = 0;
        return _ =>
        {
            read(ref value);
            if (!float.IsFinite(value)) throw Missing(label, "hold finite numbers", row.Position, value.ToString(CultureInfo.InvariantCulture), FilterHint(label));
            targets.Set(value);
        };
    }

    /// <inheritdoc/>
    public override LabelLearner Begin(DataViewSchema.Column label, SequenceTask? start) => new NumberLearner(label.Name, start as RegressionTask);

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new RegressionTask(0, 1);
}
