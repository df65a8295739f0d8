using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Sequences;

/// <summary>Labels that are vectors of keys, a class for each time step; a missing key is a step without a label.</summary>
/// <param name="classWeights">The class weights; null for equal weights.</param>
/// <param name="labelSmoothing">The share of each target that is spread over the classes.</param>
internal sealed class LabelingTraining(ClassWeights? classWeights, float labelSmoothing) : TaskTraining
{
    /// <inheritdoc/>
    public override ILoss Loss { get; } = new CrossEntropyLoss(labelSmoothing);

    /// <inheritdoc/>
    public override bool EveryStep => true;

    /// <inheritdoc/>
    public override string LabelType => "Vector<Key<UInt32>> or VarVector<Key<UInt32>>";

    /// <inheritdoc/>
    public override bool Accepts(string labelType) => labelType is "Vector<Key<UInt32>>" or "VarVector<Key<UInt32>>";

    /// <inheritdoc/>
    public override string LabelHint(string column) =>
        $"column '{column}' must be a vector with a label for each time step; append Transforms.Conversion.MapValueToKey(\"{column}\") before the trainer.";

    /// <inheritdoc/>
    public override void CheckLabel(DataViewSchema.Column label) => KeyLabels.Check(label);

    /// <inheritdoc/>
    public override Action<int> OpenLabels(DataViewRow row, DataViewSchema.Column label, RowTargets targets)
    {
        ValueGetter<VBuffer<uint>> read = row.GetGetter<VBuffer<uint>>(label);
        ulong count = KeyLabels.Count(label.Type);
        VBuffer<uint> keys = default;
        return steps =>
        {
            read(ref keys);
            if (keys.Length != steps)
                throw Missing(label, "hold a label for each time step", row.Position, $"{keys.Length} for {steps}", "a missing key (0) is a time step without a label.");
            targets.Resize(steps);
            targets.Targets.Clear();
            targets.Weights.Clear(); // what a sparse vector leaves out is missing
            foreach (var (step, key) in keys.Items())
            {
                if (key == 0) continue;
                if (key > count) throw Missing(label, $"hold keys from 1 to {count}", row.Position, $"{key}", "check where the keys come from.");
                (targets.Targets[step], targets.Weights[step]) = (key - 1, 1);
            }
        };
    }

    /// <inheritdoc/>
    public override LabelLearner Begin(DataViewSchema.Column label, SequenceTask? start) =>
        KeyLabels.Begin(label, classWeights, "labeled time steps of the training rows", (classes, keys) => new LabelingTask(classes, keys));

    /// <inheritdoc/>
    public override SequenceTask Promise(SchemaShape.Column label) => new LabelingTask(2, KeyLabels.Promise(label));
}
