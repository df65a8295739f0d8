using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

/// <summary>
/// Trains a recurrent network to classify sequences. Create it with
/// <see cref="LstmTrainersCatalog.Lstm(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>.
/// </summary>
/// <remarks><see cref="LstmSequenceTrainerOptions.LabelColumnName"/> is a key, as created by <c>MapValueToKey</c>. The model adds Score, the probability of each class, and PredictedLabel, a key that <c>MapKeyToValue</c> turns back into a label.</remarks>
public sealed class LstmMulticlassTrainer : LstmSequenceTrainer
{
    internal LstmMulticlassTrainer(IHostEnvironment environment, Options options)
        : base(environment, options, new MulticlassTraining(options.ClassWeights, SmoothingOf(options.LabelSmoothing)), nameof(LstmMulticlassTrainer))
    {
    }

    /// <summary>The options of <see cref="LstmMulticlassTrainer"/>.</summary>
    public sealed class Options : LstmSequenceTrainerOptions
    {
        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Sequences()
            .Pooled(nameof(Pooling))
            .Classes(nameof(ClassWeights), nameof(LabelSmoothing));

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The class weights, in the order of the keys. Default: null for equal weights.</summary>
        public ClassWeights? ClassWeights { get; set; }

        /// <summary>The share of each target that is spread over all classes, 0 or more and below 1; it applies to the validation loss too. Default: 0.</summary>
        public float LabelSmoothing { get; set; }

        /// <summary>How the head pools the time steps: Last, Mean or Max. Default: Last.</summary>
        public Pooling Pooling { get; set; } = Pooling.Last;

        /// <inheritdoc/>
        internal override Pooling HeadPooling => Pooling;

        /// <inheritdoc/>
        internal override IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);

        private protected override void CheckEach(OptionErrors errors) => OptionTable.Check(this, errors);
    }
}
