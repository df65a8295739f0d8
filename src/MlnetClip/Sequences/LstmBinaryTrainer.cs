using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

/// <summary>
/// Trains a recurrent network for binary classification of sequences. Create it with
/// <see cref="LstmTrainersCatalog.Lstm(BinaryClassificationCatalog.BinaryClassificationTrainers, Options)"/>.
/// </summary>
/// <remarks><see cref="LstmSequenceTrainerOptions.LabelColumnName"/> is of type Boolean. The model adds Score, the logarithm of the odds of true; Probability, that of true; and PredictedLabel.</remarks>
public sealed class LstmBinaryTrainer : LstmSequenceTrainer
{
    internal LstmBinaryTrainer(IHostEnvironment environment, Options options)
        : base(environment, options, new BinaryTraining(options.ClassWeights, SmoothingOf(options.LabelSmoothing)), nameof(LstmBinaryTrainer))
    {
    }

    /// <summary>The options of <see cref="LstmBinaryTrainer"/>.</summary>
    public sealed class Options : LstmSequenceTrainerOptions
    {
        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Sequences()
            .Pooled(nameof(Pooling))
            .Classes(nameof(ClassWeights), nameof(LabelSmoothing));

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The class weights, false first. Default: null for equal weights.</summary>
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
