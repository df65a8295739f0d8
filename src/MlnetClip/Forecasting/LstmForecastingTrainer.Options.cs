using MlnetClip.Checkpoints;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.Trainers;
using MlnetClip.Training;

namespace MlnetClip;

public sealed partial class LstmForecastingTrainer
{
    /// <summary>The defaults, for the library and the tool alike.</summary>
    internal static class Defaults
    {
        public const int HiddenSize = 32;
        public const int NumberOfEpochs = 30;
        public const float LearningRate = 2e-3f;

        public static GradientClipping Clipping { get; } = GradientClipping.ByGlobalNorm(1);
    }

    /// <summary>The options of <see cref="LstmForecastingTrainer"/>.</summary>
    public sealed class Options
    {
        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Column(nameof(OutputColumnName), "the column to create")
            .Column(nameof(InputColumnName), "the series", otherwise: nameof(OutputColumnName))
            .Number<int>(nameof(WindowSize), "--window ROWS", "rows that the network reads for one forecast; two seasons are a good start", OptionTable<Options>.From(2), required: true)
            .Number<int>(nameof(Horizon), "--horizon ROWS", "rows ahead to forecast", OptionTable<Options>.From(1), required: true)
            .Setting(nameof(Clipping), "--clip RULE", "how gradients are clipped: none, norm:1, value:0.5, agc:0.01, autoclip:10, zclip:2.5 or another rule of docs/clipping.md; several joined by + act in order", GradientClipping.Parse, clipping => $"{clipping}")
            .Setting(nameof(NonFinite), "--nonfinite POLICY", "what happens to a step whose gradient is not finite: throw, skip:N for at most N in a row, zero:N, rollback", NonFinitePolicy.Parse, policy => $"{policy}")
            .Number<int>(nameof(NumberOfEpochs), "--epochs COUNT", "passes over the training windows", OptionTable<Options>.From(1))
            .Number<int>(nameof(HiddenSize), "--hidden UNITS", "units of each LSTM layer", OptionTable<Options>.From(1))
            .Number<int>(nameof(NumberOfLayers), "--layers COUNT", "stacked LSTM layers", OptionTable<Options>.From(1, 1000))
            .Number<float>(nameof(Dropout), "--dropout SHARE", "share of the outputs between layers that training sets to zero", OptionTable<Options>.Share)
            .Number<int>(nameof(BatchSize), "--batch WINDOWS", "windows of a training step", OptionTable<Options>.From(1))
            .Number<float>(nameof(LearningRate), "--learning-rate RATE", "learning rate", new OptionRange("", 0, 1000, MinimumLegal: false))
            .Setting(nameof(LearningRateSchedule), "--schedule SCHEDULE", "how the learning rate changes: constant, step, cosine, or from one factor to another such as 1..0.1/20epochs", Schedule.Parse, schedule => $"{schedule}")
            .Setting(nameof(Optimizer), "--optimizer OPTIMIZER", "adam, adamw:decay=0.01, sgd:momentum=0.9 or rmsprop", Optimizer.Parse, optimizer => $"{optimizer}")
            .Setting(nameof(Loss), "--loss LOSS", "mse, or huber:DELTA", ParseLoss, loss => loss.Text, check: CheckLoss)
            .Choice<SeriesScaling>(nameof(Scaling), "--scaling KIND", "how the series is scaled inside the model")
            .Number<double>(nameof(ValidationFraction), "--validation SHARE", "share of the training rows, from their end, that choose the best epoch; 0 for the last epoch", OptionTable<Options>.Share)
            .Setting(nameof(EarlyStopping), "--patience EPOCHS", "stop after so many epochs without a better validation loss, 1 or more; by default never", EarlyStoppingText.Parse, EarlyStoppingText.Print, nullable: true)
            .Setting(nameof(Backend), null, "the engine that trains", TrainingBackend.Parse, backend => backend.Text)
            .Switch(nameof(MeasureTimeSteps), "--measure-time-steps", "measure what each row of the window contributes to the gradient, so that inspect can detect a vanishing one")
            .OptionalNumber<int>(nameof(NumberOfThreads), "--threads COUNT", "threads that train; the result does not depend on it; by default one per processor, but at most one for each 8 windows of a batch", OptionTable<Options>.From(1, 1024));

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The column to create: a vector of <see cref="Horizon"/> values of type Single. Required.</summary>
        public string OutputColumnName { get; set; } = "";

        /// <summary>The series, a column of type Single whose rows are in time order. Default: null for <see cref="OutputColumnName"/>.</summary>
        public string? InputColumnName { get; set; }

        /// <summary>Rows that the network reads for one forecast, 2 or more. Required.</summary>
        public int WindowSize { get; set; }

        /// <summary>Rows ahead that it forecasts, 1 or more. Required.</summary>
        public int Horizon { get; set; }

        /// <summary>Units of each LSTM layer, 1 or more. Default: 32.</summary>
        public int HiddenSize { get; set; } = Defaults.HiddenSize;

        /// <summary>Stacked LSTM layers, from 1 to 1000. Default: 1.</summary>
        public int NumberOfLayers { get; set; } = 1;

        /// <summary>Share of the outputs between layers that training sets to zero, 0 or more and below 1; 0 with a single layer. Default: 0.</summary>
        public float Dropout { get; set; }

        /// <summary>Windows per training step, 1 or more. Default: 32.</summary>
        public int BatchSize { get; set; } = 32;

        /// <summary>Passes over the training windows, 1 or more. Default: 30.</summary>
        public int NumberOfEpochs { get; set; } = Defaults.NumberOfEpochs;

        /// <summary>Learning rate, above 0 and at most 1000. Default: 0.002.</summary>
        public float LearningRate { get; set; } = Defaults.LearningRate;

        /// <summary>How the learning rate changes over the fit. Default: constant.</summary>
        public Schedule LearningRateSchedule { get; set; } = Schedule.Constant();

        /// <summary>The optimizer. Default: adam.</summary>
        public Optimizer Optimizer { get; set; } = Optimizer.Adam();

        /// <summary>How gradients are clipped, between the backward pass and the optimizer. Default: norm:1, the global norm at most 1.</summary>
        public GradientClipping Clipping { get; set; } = Defaults.Clipping;

        /// <summary>What happens when a gradient is NaN or infinite. Default: throw.</summary>
        public NonFinitePolicy NonFinite { get; set; } = NonFinitePolicy.Throw;

        /// <summary>The loss between forecast and target in scaled units; missing targets do not count. Default: mse.</summary>
        public ILoss Loss { get; set; } = new MseLoss();

        /// <summary>How the series is scaled inside the model; forecasts come out in the data's unit. Default: RelativeToLast.</summary>
        public SeriesScaling Scaling { get; set; } = SeriesScaling.RelativeToLast;

        /// <summary>
        /// Share of the rows, from the end, on which training is validated when no validation data are given: 0 or more and below 1;
        /// the number of rows is rounded up. With validation the weights of the best epoch are kept. Default: 0.1.
        /// </summary>
        public double ValidationFraction { get; set; } = 0.1;

        /// <summary>Stops when the validation loss no longer falls. Needs validation. Default: null for never.</summary>
        public EarlyStopping? EarlyStopping { get; set; }

        /// <summary>The engine that trains. Default: managed.</summary>
        public TrainingBackend Backend { get; set; } = TrainingBackend.Managed;

        /// <summary>
        /// Whether the fit measures what each time step of the windows contributes to the gradient, so that its verdict can detect a
        /// vanishing one. One training step in eight is measured, which costs about a hundredth of the time and changes nothing else. Default: false.
        /// </summary>
        public bool MeasureTimeSteps { get; set; }

        /// <summary>
        /// Threads that train, from 1 to 1024; the result does not depend on it. Default: null for one per processor, but at most
        /// one for each 8 windows of a batch, since smaller shares cost more than they bring.
        /// </summary>
        public int? NumberOfThreads { get; set; }

        /// <summary>Called after every epoch, on the training thread. Default: none.</summary>
        public Action<EpochReport>? MetricsCallback { get; set; }

        /// <summary>Sees the fit begin, every step, every epoch and the end, on the training thread; it counts as training time. Default: none.</summary>
        public IFitObserver? Observer { get; set; }

        /// <summary>
        /// A file that keeps where the fit stands, written after every epoch and on cancellation. Where it exists, a fit of the same options,
        /// seed, data and warm start resumes from it, with the same bits as if it had never stopped; <see cref="NumberOfEpochs"/> may have
        /// grown. Needs a seed in <c>MLContext</c>. Default: null for none.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>Stops the training with an <see cref="OperationCanceledException"/>. Default: none.</summary>
        public CancellationToken CancellationToken { get; set; }

        internal string InputColumn => InputColumnName ?? OutputColumnName;

        internal int Threads => NumberOfThreads ?? Math.Clamp(BatchSize / 8, 1, Math.Min(Environment.ProcessorCount, 1024));

        internal Options Copy() => (Options)MemberwiseClone();

        /// <summary>These options with a scope's overrides.</summary>
        internal Options Within(FitScope? scope)
        {
            if (scope is null) return this;
            Options within = Copy();
            within.NumberOfThreads = NumberOfThreads ?? scope.NumberOfThreads;
            within.NonFinite = scope.NonFinite ?? NonFinite;
            within.MeasureTimeSteps = MeasureTimeSteps || scope.MeasureTimeSteps;
            return within;
        }

        /// <summary>The model that these options describe: one feature, the series itself, and an output for each row of the horizon.</summary>
        internal ModelSpec Model =>
            ModelSpec.Stack(1, new RecurrentSpec(RecurrentCell.Lstm, HiddenSize), NumberOfLayers, new HeadSpec(Pooling.Last, Horizon), Dropout);

        /// <summary>Throws every error of these options at once.</summary>
        internal void Validate()
        {
            var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
            OptionTable.Check(this, errors);
            if (Dropout > 0 && NumberOfLayers == 1)
                errors.Add(nameof(Dropout), "must be 0 with a single layer, since it acts between layers", $"{Dropout:R}", $"set {nameof(NumberOfLayers)} to 2 or more.");
            double units = HiddenSize, layers = (4 * units * (units + 3)) + ((NumberOfLayers - 1) * 8.0 * units * (units + 1)), head = Horizon * (units + 1);
            if (layers + head > Array.MaxLength)
            {
                var (option, value, others) = head > layers
                    ? (nameof(Horizon), Horizon, $"{nameof(HiddenSize)} given")
                    : (nameof(HiddenSize), HiddenSize, $"{nameof(NumberOfLayers)} and {nameof(Horizon)} given");
                errors.Add(option, $"must leave the model with at most {Array.MaxLength} weights, {others}", $"{value}, which makes {layers + head:E1}");
            }

            errors.ThrowIfAny();
            if (Clipping.ProblemWith(ParameterSet.LayOut(ModelLayout.Create(Model))) is { } problem)
                errors.Add(nameof(Clipping), "must name groups that the model has", $"'{Clipping}'", problem);
            errors.ThrowIfAny();
        }

        /// <summary>The options of the training loop.</summary>
        /// <param name="seed">Decides the order of the windows and the dropout masks.</param>
        /// <param name="identity">What else must be equal for a checkpoint to be resumed.</param>
        internal TrainingOptions ForTraining(ulong seed, IEnumerable<CheckpointField> identity) => new()
        {
            Epochs = NumberOfEpochs,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            Schedule = LearningRateSchedule,
            Optimizer = Optimizer,
            Clipping = Clipping,
            NonFinite = NonFinite,
            MeasureTimeSteps = MeasureTimeSteps,
            EarlyStopping = EarlyStopping,
            Seed = seed,
            CheckpointPath = CheckpointPath,
            CheckpointIdentity =
            [
                .. Describe().Where(option => option.Key != nameof(NumberOfEpochs)).Select(option => new CheckpointField(option.Key, option.Value)),
                .. identity,
            ],
        };

        /// <summary>Every option that shapes the model, in text form; threads and callbacks do not.</summary>
        internal IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);

        private static ILoss ParseLoss(string text) => LossText.Parse(text) is var loss and not CrossEntropyLoss
            ? loss
            : throw new FormatException($"'{text}' compares classes; a forecaster takes mse or huber:DELTA.");

        private static void CheckLoss(string option, ILoss loss, OptionErrors errors)
        {
            if (loss is CrossEntropyLoss) errors.Add(option, "must compare numbers, as mse and huber:1 do", loss.Text);
        }
    }
}
