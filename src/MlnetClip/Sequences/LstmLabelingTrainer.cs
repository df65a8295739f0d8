using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

/// <summary>
/// Trains a recurrent network for sequence labeling: a class for every time step of a sequence. Create it with
/// <see cref="LstmTrainersCatalog.LstmLabeling(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>.
/// </summary>
/// <remarks>
/// <see cref="LstmSequenceTrainerOptions.LabelColumnName"/> is a vector of keys, as created by <c>MapValueToKey</c> from a vector, with one key for each
/// time step; a missing key (0) is a step without a label, which is not used for training. The model adds Score, the probabilities of the K classes at each of
/// the T steps as a vector [T, K], step after step; and PredictedLabel, a vector of T keys that <c>MapKeyToValue</c> turns back into labels.
/// <c>mlContext.MulticlassClassification.EvaluateSteps</c> evaluates it.
/// </remarks>
public sealed class LstmLabelingTrainer : LstmSequenceTrainer
{
    internal LstmLabelingTrainer(IHostEnvironment environment, Options options)
        : base(environment, options, new LabelingTraining(options.ClassWeights, SmoothingOf(options.LabelSmoothing)), nameof(LstmLabelingTrainer))
    {
    }

    /// <summary>The options of <see cref="LstmLabelingTrainer"/>.</summary>
    public sealed class Options : LstmSequenceTrainerOptions
    {
        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Sequences()
            .Classes(nameof(ClassWeights), nameof(LabelSmoothing));

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The class weights, in the order of the keys; balanced ones count time steps. Default: null for equal weights.</summary>
        public ClassWeights? ClassWeights { get; set; }

        /// <summary>The share of each target that is spread over all classes, 0 or more and below 1; it applies to the validation loss too. Default: 0.</summary>
        public float LabelSmoothing { get; set; }

        /// <inheritdoc/>
        internal override Pooling HeadPooling => Pooling.EveryStep;

        /// <inheritdoc/>
        internal override IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);

        private protected override void CheckEach(OptionErrors errors) => OptionTable.Check(this, errors);
    }
}
