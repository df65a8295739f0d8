using System.Globalization;
using MlnetClip.Checkpoints;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

public sealed partial class LstmForecastingTrainer
{
    internal static class Defaults
    {
        public const int HiddenSize = 32;
        public const int NumberOfEpochs = 30;
        public const float LearningRate = 2e-3f;
    }

    /// <summary>The options of <see cref="LstmForecastingTrainer"/>.</summary>
    public sealed class Options
    {
        internal static readonly IReadOnlyList<(OptionRange Range, Func<Options, double> Value)> Ranges =
        [
            (new(nameof(WindowSize), 2), o => o.WindowSize),
            (new(nameof(Horizon), 1), o => o.Horizon),
            (new(nameof(HiddenSize), 1), o => o.HiddenSize),
            (new(nameof(NumberOfLayers), 1), o => o.NumberOfLayers),
            (new(nameof(Dropout), 0, 1, MaximumLegal: false), o => o.Dropout),
            (new(nameof(BatchSize), 1), o => o.BatchSize),
            (new(nameof(NumberOfEpochs), 1), o => o.NumberOfEpochs),
            (new(nameof(LearningRate), 0, 1000, MinimumLegal: false), o => o.LearningRate),
            (new(nameof(ValidationFraction), 0, 1, MaximumLegal: false), o => o.ValidationFraction),
            (new(nameof(NumberOfThreads), 1, 1024), o => o.NumberOfThreads ?? 1),
        ];

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

        /// <summary>Stacked LSTM layers, 1 or more. Default: 1.</summary>
        public int NumberOfLayers { get; set; } = 1;

        /// <summary>Share of the outputs between layers that training sets to zero, 0 or more and below 1; 0 with a single layer. Default: 0.</summary>
        public float Dropout { get; set; }

        /// <summary>Windows per training step, 1 or more. Default: 32.</summary>
        public int BatchSize { get; set; } = 32;

        /// <summary>Passes over the training windows, 1 or more. Default: 30.</summary>
        public int NumberOfEpochs { get; set; } = Defaults.NumberOfEpochs;

        /// <summary>Learning rate, above 0 and at most 1000. Default: 0.002.</summary>
        public float LearningRate { get; set; } = Defaults.LearningRate;

        /// <summary>How the learning rate changes over the fit. Default: it does not.</summary>
        public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Constant;

        /// <summary>The optimizer. Default: Adam.</summary>
        public Optimizer Optimizer { get; set; } = Optimizer.Adam();

        /// <summary>How gradients are clipped, between the backward pass and the optimizer. Default: not at all.</summary>
        public GradientClipping Clipping { get; set; } = GradientClipping.None;

        /// <summary>What happens when a gradient is NaN or infinite.</summary>
        public NonFinitePolicy NonFinite { get; set; } = NonFinitePolicy.Throw;

        /// <summary>The loss between forecast and target in scaled units; missing targets do not count. Default: mean squared error.</summary>
        public ILoss Loss { get; set; } = new MseLoss();

        /// <summary>How the series is scaled inside the model; forecasts come out in the data's unit. Default: relative to the window's last value.</summary>
        public SeriesScaling Scaling { get; set; } = SeriesScaling.RelativeToLast;

        /// <summary>
        /// Share of the rows, from the end, on which training is validated when no validation data are given: 0 or more and below 1.
        /// With validation the weights of the best epoch are kept. Default: 0.1.
        /// </summary>
        public double ValidationFraction { get; set; } = 0.1;

        /// <summary>Stops when the validation loss no longer falls. Needs validation. Default: null for never.</summary>
        public EarlyStopping? EarlyStopping { get; set; }

        /// <summary>
        /// Whether the fit measures what each time step of the windows contributes to the gradient, so that its verdict can tell a
        /// vanishing one. One training step in eight is measured, which costs about a hundredth of the time and changes nothing else. Default: false.
        /// </summary>
        public bool MeasureTimeSteps { get; set; }

        /// <summary>
        /// Threads that train, from 1 to 1024; the result does not depend on it. Default: null for one a processor, but not
        /// more than one for each 8 windows of a batch, since smaller shares cost more than they bring.
        /// </summary>
        public int? NumberOfThreads { get; set; }

        /// <summary>Called after every epoch, on the training thread. Default: none.</summary>
        public Action<EpochReport>? MetricsCallback { get; set; }

        /// <summary>Called after every training step, on the training thread; it counts as training time. Default: none.</summary>
        public Action<StepReport>? StepCallback { get; set; }

        /// <summary>
        /// A file that keeps where the fit stands, written after every epoch and on cancellation. Where it exists, a fit of the same options,
        /// seed and data goes on from it, bit for bit as if it had never stopped; <see cref="NumberOfEpochs"/> may have grown. Needs a seed in
        /// <c>MLContext</c>. Default: null for none.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>Stops the training with an <see cref="OperationCanceledException"/>. Default: none.</summary>
        public CancellationToken CancellationToken { get; set; }

        internal string InputColumn => InputColumnName ?? OutputColumnName;

        internal int Threads => NumberOfThreads ?? Math.Clamp(BatchSize / 8, 1, Math.Min(Environment.ProcessorCount, 1024));

        internal Options Copy() => (Options)MemberwiseClone();

        /// <summary>These options with what a scope lays over them.</summary>
        internal Options Within(FitScope? scope)
        {
            if (scope is null) return this;
            Options within = Copy();
            within.NumberOfThreads = NumberOfThreads ?? scope.NumberOfThreads;
            within.NonFinite = scope.NonFinite ?? NonFinite;
            within.MeasureTimeSteps = MeasureTimeSteps || scope.MeasureTimeSteps;
            if (scope.Observer is not { } observer) return within;
            within.MetricsCallback += observer.OnEpoch;
            within.StepCallback += report => observer.OnStep(in report);
            return within;
        }

        /// <summary>Throws every error of these options at once.</summary>
        internal void Validate()
        {
            var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
            if (string.IsNullOrWhiteSpace(OutputColumnName)) errors.Add(nameof(OutputColumnName), "must be the name of a column", Quote(OutputColumnName));
            if (InputColumnName is not null && string.IsNullOrWhiteSpace(InputColumnName))
                errors.Add(nameof(InputColumnName), $"must be the name of a column, or null for {nameof(OutputColumnName)}", Quote(InputColumnName));
            foreach (var (range, value) in Ranges) errors.Check(range, value(this));
            if (Dropout > 0 && NumberOfLayers == 1)
                errors.Add(nameof(Dropout), "must be 0 with a single layer, since it acts between layers", $"{Dropout:R}", $"set {nameof(NumberOfLayers)} to 2 or more.");
            double weights = (4.0 * HiddenSize * (HiddenSize + 3)) + ((NumberOfLayers - 1) * 8.0 * HiddenSize * (HiddenSize + 1)) + (Horizon * (HiddenSize + 1.0));
            if (weights > Array.MaxLength)
                errors.Add(nameof(HiddenSize), $"must leave the model with at most {Array.MaxLength} weights, {nameof(NumberOfLayers)} and {nameof(Horizon)} given", $"{HiddenSize}, which makes {weights:E1}");
            if (!Enum.IsDefined(Scaling)) errors.Add(nameof(Scaling), $"must be {string.Join(", ", Enum.GetNames<SeriesScaling>())}", $"{(int)Scaling}");
            foreach (var (name, value) in new (string, object?)[] { (nameof(LearningRateSchedule), LearningRateSchedule), (nameof(Optimizer), Optimizer), (nameof(Clipping), Clipping), (nameof(NonFinite), NonFinite), (nameof(Loss), Loss) })
                if (value is null) errors.Add(name, "must be set", "null");
            if (Loss is CrossEntropyLoss) errors.Add(nameof(Loss), "must compare numbers, as mse and huber:1 do", Loss.Text);
            errors.ThrowIfAny();
            var model = new SequenceModelSpec(Features: 1, HiddenSize, NumberOfLayers, Horizon);
            if (Clipping.ProblemWith(ParameterSet.LayOut(SequenceModelLayout.Create(model))) is { } problem)
                errors.Add(nameof(Clipping), "must name groups that the model has", $"'{Clipping}'", problem);
            errors.ThrowIfAny();
        }

        internal TrainingOptions ForTraining(ulong seed, string dataIdentity) => new()
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
                new CheckpointField("Data", dataIdentity),
            ],
        };

        /// <summary>Every option that shapes a fit, in text form; threads and callbacks do not.</summary>
        internal IReadOnlyDictionary<string, string> Describe() => new Dictionary<string, string>
        {
            [nameof(WindowSize)] = Text(WindowSize),
            [nameof(Horizon)] = Text(Horizon),
            [nameof(HiddenSize)] = Text(HiddenSize),
            [nameof(NumberOfLayers)] = Text(NumberOfLayers),
            [nameof(Dropout)] = Text(Dropout),
            [nameof(BatchSize)] = Text(BatchSize),
            [nameof(NumberOfEpochs)] = Text(NumberOfEpochs),
            [nameof(LearningRate)] = Text(LearningRate),
            [nameof(LearningRateSchedule)] = $"{LearningRateSchedule}",
            [nameof(Optimizer)] = $"{Optimizer}",
            [nameof(Clipping)] = $"{Clipping}",
            [nameof(NonFinite)] = $"{NonFinite}",
            [nameof(Loss)] = Loss.Text,
            [nameof(Scaling)] = $"{Scaling}",
            [nameof(ValidationFraction)] = Text(ValidationFraction),
            [nameof(EarlyStopping)] = EarlyStopping is { } stopping ? $"patience={Text(stopping.Patience)},delta={Text(stopping.MinDelta)}" : "none",
        };

        private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

        private static string Quote(string? text) => text is null ? "null" : $"'{text}'";
    }
}
