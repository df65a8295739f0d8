using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

public sealed partial class LstmForecastingTrainer
{
    /// <summary>The options of <see cref="LstmForecastingTrainer"/>.</summary>
    public sealed class Options : LstmTrainerOptions
    {
        /// <summary>The largest <see cref="WindowSize"/> that is trained or read from a file.</summary>
        internal const int LongestWindow = 1_000_000;

        private static readonly OptionTable<Options> OptionTable = new OptionTable<Options>()
            .Column(nameof(OutputColumnName), "the column to create")
            .Column(nameof(InputColumnName), "the series", defaultDescription: nameof(OutputColumnName))
            .Number<int>(nameof(WindowSize), "--window ROWS", "rows that the network reads for one forecast; two seasons are a good start", OptionTable<Options>.From(2), required: true)
            .Number<int>(nameof(Horizon), "--horizon ROWS", "rows ahead to forecast", OptionTable<Options>.From(1), required: true)
            .Network("windows", "LSTM layer")
            .Number<float>(nameof(Dropout), "--dropout SHARE", "share of the outputs between layers that is set to zero in training", OptionTable<Options>.Share)
            .Steps("windows")
            .Setting(nameof(Loss), "--loss LOSS", "mse, or huber:DELTA", text => RegressionLosses.Parse(text, "a forecaster"), loss => loss.Text, check: RegressionLosses.Check)
            .OptionalNumber<int>(nameof(MaximumGap), "--max-gap ROWS", "largest age of the last observation, in rows, at which there is a forecast; by default less than a window", OptionTable<Options>.From(0), shapesModel: true)
            .Choice<SeriesScaling>(nameof(Scaling), "--scaling KIND", "how the series is scaled inside the model")
            .Run("windows", "row of the window", "from their end");

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>The column to create: a vector of <see cref="Horizon"/> values of the series' type. Required.</summary>
        public string OutputColumnName { get; set; } = "";

        /// <summary>The series, a column of type Single or Double whose rows are in time order. Default: null for <see cref="OutputColumnName"/>.</summary>
        public string? InputColumnName { get; set; }

        /// <summary>The number of rows that the network reads for one forecast, 2 or more; at most 1,000,000. Required.</summary>
        public int WindowSize { get; set; }

        /// <summary>The number of rows to forecast, 1 or more. Required.</summary>
        public int Horizon { get; set; }

        /// <summary>The share of the outputs between layers that is set to zero in training, 0 or more and below 1; 0 with a single layer. Default: 0.</summary>
        public float Dropout { get; set; }

        /// <summary>The loss between forecast and target in scaled units; missing targets do not count. Default: mse.</summary>
        public ILoss Loss { get; set; } = new MseLoss();

        /// <summary>
        /// The largest age of the last observation, in rows, at which there is a forecast, 0 or more: 0 at a row that has a value itself.
        /// At rows where it is older the forecast is NaN, and training skips windows that end there. Default: null for
        /// <see cref="WindowSize"/> - 1, so that a window holds at least one observation.
        /// </summary>
        public int? MaximumGap { get; set; }

        /// <summary>How the series is scaled inside the model; forecasts are in the data's unit. Default: RelativeToLast.</summary>
        public SeriesScaling Scaling { get; set; } = SeriesScaling.RelativeToLast;

        internal string InputColumn => InputColumnName ?? OutputColumnName;

        internal int LargestGap => MaximumGap ?? WindowSize - 1;

        /// <summary>The model that these options describe: one feature, the series itself, and an output for each row of the horizon.</summary>
        internal ModelSpec Model =>
            ModelSpec.Stack(1, new RecurrentSpec(RecurrentCell.Lstm, HiddenSize), NumberOfLayers, new HeadSpec(Pooling.Last, Horizon), Dropout);

        /// <summary>Checks all options and reports every error together.</summary>
        internal void Validate()
        {
            var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
            OptionTable.Check(this, errors);
            if (Dropout > 0 && NumberOfLayers == 1)
                errors.Add(nameof(Dropout), "must be 0 with a single layer, because it applies between layers", $"{Dropout:R}", $"set {nameof(NumberOfLayers)} to 2 or more.");
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
                errors.Add(nameof(Clipping), "must refer to groups that the model has", $"'{Clipping}'", problem);
            errors.ThrowIfAny();
        }

        /// <inheritdoc/>
        internal override IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);
    }
}
