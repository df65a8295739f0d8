using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

/// <summary>
/// Trains a recurrent network to predict a number from a sequence. Create it with
/// <see cref="LstmTrainersCatalog.Lstm(RegressionCatalog.RegressionTrainers, Options)"/>.
/// </summary>
/// <remarks><see cref="LstmSequenceTrainerOptions.LabelColumnName"/> is of type Single; it is standardized inside the model. The model adds Score, a Single in the label's unit.</remarks>
public sealed class LstmRegressionTrainer : LstmSequenceTrainer
{
    internal LstmRegressionTrainer(IHostEnvironment environment, Options options)
        : base(environment, options, new RegressionTraining(options.Loss), nameof(LstmRegressionTrainer))
    {
    }

    /// <summary>The options of <see cref="LstmRegressionTrainer"/>.</summary>
    public sealed class Options : LstmSequenceTrainerOptions
    {
        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Sequences()
            .Pooled(nameof(Pooling))
            .Setting(nameof(Loss), "--loss LOSS", "mse, or huber:DELTA", text => RegressionLosses.Parse(text, "a regression"), loss => loss.Text, check: RegressionLosses.Check);

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The loss between score and label in standardized units. Default: mse.</summary>
        public ILoss Loss { get; set; } = new MseLoss();

        /// <summary>How the head pools the time steps: Last, Mean or Max. Default: Last.</summary>
        public Pooling Pooling { get; set; } = Pooling.Last;

        /// <inheritdoc/>
        internal override Pooling HeadPooling => Pooling;

        /// <inheritdoc/>
        internal override IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);

        private protected override void CheckEach(OptionErrors errors) => OptionTable.Check(this, errors);
    }
}
