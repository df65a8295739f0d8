using System.Globalization;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Persistence;
using MlnetClip.Settings;
using MlnetClip.Trainers;
using static System.FormattableString;

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
            .Columns(nameof(TargetColumnNames), "the columns to forecast, where there are several")
            .Columns(nameof(PastCovariateColumnNames), "covariates that are known up to the present")
            .Columns(nameof(FutureCovariateColumnNames), "covariates that are known for the rows of the horizon too")
            .Columns(nameof(StaticCovariateColumnNames), "covariates that are constant in a series")
            .Column(nameof(TimeColumnName), "the time of a row", defaultDescription: "none")
            .Column(nameof(GroupColumnName), "the series that a row belongs to", defaultDescription: "a single series")
            .Number<int>(nameof(WindowSize), "--window ROWS", "rows that the network reads for one forecast; two seasons are a good start", OptionTable<Options>.From(2), required: true)
            .Number<int>(nameof(Horizon), "--horizon ROWS", "rows ahead to forecast", OptionTable<Options>.From(1), required: true)
            .Network("windows", "LSTM layer")
            .Number<float>(nameof(Dropout), "--dropout SHARE", "share of the outputs between layers that is set to zero in training", OptionTable<Options>.Share)
            .ForgetGate()
            .Steps("windows")
            .Setting(nameof(Loss), "--loss LOSS", "mse, or huber:DELTA", text => RegressionLosses.Parse(text, "a forecaster"), loss => loss.Text, check: RegressionLosses.Check)
            .OptionalNumber<int>(nameof(MaximumGap), "--max-gap ROWS", "largest age of the last observation, in rows, at which there is a forecast; by default less than a window", OptionTable<Options>.From(0), shapesModel: true)
            .Choice<SeriesScaling>(nameof(Scaling), "--scaling KIND", "how the series is scaled inside the model")
            .OptionalNumber<int>(nameof(SeasonLength), null, "rows of a season", OptionTable<Options>.From(1), shapesModel: true)
            .Choice<LinearPartUse>(nameof(LinearPart), "--linear-part USE", "whether the network adds to a linear forecast fitted in closed form")
            .Number<int>(nameof(MinimumNumberOfSteps), "--min-steps N", "training steps at least: the epochs of short series become more", OptionTable<Options>.From(0))
            .Choice<ForecastStrategy>(nameof(Strategy), "--strategy KIND", "how later rows of the horizon are reached")
            .Numbers(nameof(Quantiles), "--quantiles LEVELS", "quantile levels to forecast, such as 0.1,0.5,0.9, with 0.5 among them", levels => levels.Count == 0 ? null : PinballLoss.ProblemWith([.. levels]))
            .Switch(nameof(NonNegative), "--non-negative", "forecasts below 0 become 0, for counts", shapesModel: true)
            .Column(nameof(ConfidenceLowerBoundColumn), "the column for the lower bound of the interval", defaultDescription: "none")
            .Column(nameof(ConfidenceUpperBoundColumn), "the column for the upper bound of the interval", defaultDescription: "none")
            .Number<float>(nameof(ConfidenceLevel), null, "share of values that the interval is to contain", new OptionRange("", 0, 1, MinimumLegal: false, MaximumLegal: false))
            .OptionalChoice<CalendarFeatures>(nameof(Calendar), "calendar features derived from the time; by default those that fit the rows' time steps")
            .Choice<UnseenSeries>(nameof(UnseenSeries), "--unseen RULE", "what is done with a series that was not in the training data")
            .Run("windows", "row of the window", "from their end");

        /// <summary>Every option that has a text form, as data.</summary>
        public static IReadOnlyList<TrainerOption<Options>> Table => OptionTable;

        /// <summary>
        /// The column to create: a vector of <see cref="Horizon"/> values of the target's type. With several targets there is a column for each, with the
        /// target's name appended after a dot: <c>Forecast.Load</c>. Required.
        /// </summary>
        public string OutputColumnName { get; set; } = "";

        /// <summary>The series, a column of type Single or Double whose rows are in time order. Default: null for <see cref="OutputColumnName"/>.</summary>
        public string? InputColumnName { get; set; }

        /// <summary>The columns to forecast together, each of type Single or Double. Default: none, for <see cref="InputColumnName"/> alone.</summary>
        public string[] TargetColumnNames { get; set; } = [];

        /// <summary>
        /// Covariates that are known up to the present, such as a measured wind: columns of type Single, Double or Boolean, or vectors of known size. They are
        /// standardized; missing values repeat the value before. Default: none.
        /// </summary>
        public string[] PastCovariateColumnNames { get; set; } = [];

        /// <summary>
        /// Covariates that are known for the rows of the horizon too, such as a holiday or a price list; types as for <see cref="PastCovariateColumnNames"/>. The rows to
        /// forecast are in the data, with missing targets; a step whose row is not there has a forecast of NaN. Default: none.
        /// </summary>
        public string[] FutureCovariateColumnNames { get; set; } = [];

        /// <summary>Covariates that are constant in a series, such as a store's size; types as for <see cref="PastCovariateColumnNames"/>. Default: none.</summary>
        public string[] StaticCovariateColumnNames { get; set; } = [];

        /// <summary>The time of a row, a column of type DateTime or DateTimeOffset in ascending order in each series; the network reads <see cref="Calendar"/> from it. Default: null for none.</summary>
        public string? TimeColumnName { get; set; }

        /// <summary>
        /// The series that a row belongs to, a column of type Text, key, whole number or Boolean: one model is trained for all series, each with a scale of its
        /// own. The value of a key names its series. Rows of different series may be interleaved. Default: null for a single series.
        /// </summary>
        public string? GroupColumnName { get; set; }

        /// <summary>The number of rows that the network reads for one forecast, 2 or more; at most 1,000,000. Required.</summary>
        public int WindowSize { get; set; }

        /// <summary>The number of rows to forecast, 1 or more. Required.</summary>
        public int Horizon { get; set; }

        /// <summary>The share of the outputs between layers that is set to zero in training, 0 or more and below 1; 0 with a single layer. Default: 0.</summary>
        public float Dropout { get; set; }

        /// <summary>The loss between forecast and target in scaled units; missing targets do not count. Not with <see cref="Quantiles"/>, which have a loss of their own. Default: mse.</summary>
        public ILoss Loss { get; set; } = new MseLoss();

        /// <summary>
        /// The largest age of the last observation, in rows, at which there is a forecast, 0 or more: 0 at a row that has a value itself.
        /// At rows where it is older the forecast is NaN, and training skips windows that end there. Default: null for
        /// <see cref="WindowSize"/> - 1, so that a window holds at least one observation.
        /// </summary>
        public int? MaximumGap { get; set; }

        /// <summary>How the series is scaled inside the model; forecasts are in the data's unit. Default: RelativeToLast.</summary>
        public SeriesScaling Scaling { get; set; } = SeriesScaling.RelativeToLast;

        /// <summary>
        /// The number of rows of a season, 1 or more: for <see cref="SeriesScaling.SeasonalDifference"/>, and for the linear part, which finds one within the window
        /// by itself if there is none. Default: null for none.
        /// </summary>
        public int? SeasonLength { get; set; }

        /// <summary>
        /// Whether the forecast begins with a linear part, fitted in closed form, whose residual the network learns. It is the mean of ridge regressions from the window, its level,
        /// covariates and the calendar, each weighted by its error on later training rows. Without separate validation data it is fitted again to the validation rows in the end. Default: Automatic.
        /// </summary>
        public LinearPartUse LinearPart { get; set; } = LinearPartUse.Automatic;

        /// <summary>
        /// The number of training steps that a fit has at least, 0 or more: where <see cref="LstmTrainerOptions.NumberOfEpochs"/> have fewer, there are more epochs. A short series has few batches in
        /// an epoch, and a network without a linear part has often not learned it after 30. Default: 0.
        /// </summary>
        public int MinimumNumberOfSteps { get; set; }

        /// <summary>How later rows of the horizon are reached. Default: Direct.</summary>
        public ForecastStrategy Strategy { get; set; } = ForecastStrategy.Direct;

        /// <summary>
        /// Quantile levels to forecast, each above 0 and below 1, in ascending order, 0.5 among them, which becomes the forecast. Each has a column: that of 0.1 is
        /// <c>Forecast.q0.1</c>. The loss is the pinball loss; quantiles never cross. Default: none, for a point forecast.
        /// </summary>
        public float[] Quantiles { get; set; } = [];

        /// <summary>Whether forecasts, quantiles and bounds below 0 become 0, for counts. Default: false.</summary>
        public bool NonNegative { get; set; }

        /// <summary>
        /// The column for the lower bound of the interval around the forecast, a vector of <see cref="Horizon"/> values; with several targets, the first part of its
        /// name. The interval is the forecast, or the span of the quantiles, with a margin from the errors on the validation rows (split conformal prediction), so
        /// it needs validation rows. Default: null for none.
        /// </summary>
        public string? ConfidenceLowerBoundColumn { get; set; }

        /// <summary>The column for the upper bound; see <see cref="ConfidenceLowerBoundColumn"/>. Default: null for none.</summary>
        public string? ConfidenceUpperBoundColumn { get; set; }

        /// <summary>The share of values that the interval is to contain at each step of the horizon, above 0 and below 1. Default: 0.95.</summary>
        public float ConfidenceLevel { get; set; } = 0.95f;

        /// <summary>
        /// The calendar features that the network reads from <see cref="TimeColumnName"/>. Holidays and other special days are future covariates. Default: null for
        /// those that fit the rows: at least three rows in a period, and two periods in the training rows.
        /// </summary>
        public CalendarFeatures? Calendar { get; set; }

        /// <summary>What is done with a series that was not in the training data. Default: Average.</summary>
        public UnseenSeries UnseenSeries { get; set; } = UnseenSeries.Average;

        internal string InputColumn => InputColumnName ?? OutputColumnName;

        internal int LargestGap => MaximumGap ?? WindowSize - 1;

        /// <summary>A copy with at least <see cref="MinimumNumberOfSteps"/> for so many training windows.</summary>
        internal Options ForWindows(int windows)
        {
            if (NumberOfEpochs == 0) return this; // no step is wanted
            long batches = (windows + (long)BatchSize - 1) / BatchSize, steps = (batches + AccumulatedBatches - 1) / AccumulatedBatches;
            long epochs = (MinimumNumberOfSteps + steps - 1) / steps;
            if (epochs <= NumberOfEpochs) return this;
            var copy = (Options)Clone();
            copy.NumberOfEpochs = (int)epochs;
            return copy;
        }

        /// <summary>The columns to read.</summary>
        internal ForecastColumns Columns => new(
            TargetColumnNames.Length > 0 ? TargetColumnNames : [InputColumn], PastCovariateColumnNames, FutureCovariateColumnNames, StaticCovariateColumnNames,
            TimeColumnName, GroupColumnName);

        /// <summary>The columns to create.</summary>
        internal ForecastOutput[] Outputs =>
            ForecastOutput.Columns(OutputColumnName, Columns.Targets, Quantiles, ConfidenceLowerBoundColumn, ConfidenceUpperBoundColumn);

        /// <summary>The loss of the network.</summary>
        internal ILoss NetworkLoss => Quantiles.Length > 0 ? new PinballLoss(Quantiles) : Loss;

        internal bool HasInterval => ConfidenceLowerBoundColumn is not null || ConfidenceUpperBoundColumn is not null;

        /// <summary>The window over some rows.</summary>
        internal WindowLayout LayoutOf(SeriesTable table) => new(
            WindowSize, Horizon, table.Columns.Targets.Count, table.Past, table.Future, Data.Calendar.Count(table.Calendar), table.Static,
            Grouped: GroupColumnName is not null, Lag: Scaling == SeriesScaling.SeasonalDifference ? SeasonLength!.Value : 0);

        /// <summary>The model that these options describe, for a window.</summary>
        internal ModelSpec ModelFor(WindowLayout layout)
        {
            int outputs = layout.Targets * Math.Max(1, Quantiles.Length);
            int steps = Strategy == ForecastStrategy.Recursive || layout.ReadsHorizon ? 1 : layout.Horizon;
            var head = new HeadSpec(layout.ReadsHorizon ? Pooling.EveryStep : Pooling.Last, checked(outputs * steps));
            return ModelSpec.Stack(layout.Features, new RecurrentSpec(RecurrentCell.Lstm, HiddenSize, ForgetGateBias: ForgetGateBias), NumberOfLayers, head, Dropout);
        }

        /// <summary>Checks all options and reports every error together.</summary>
        internal void Validate()
        {
            var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
            OptionTable.Check(this, errors);
            if (Dropout > 0 && NumberOfLayers == 1)
                errors.Add(nameof(Dropout), "must be 0 with a single layer, because it applies between layers", Invariant($"{Dropout:R}"), $"set {nameof(NumberOfLayers)} to 2 or more.");
            CheckSize(errors);
            errors.ThrowIfAny();
            CheckColumns(errors);
            CheckCombinations(errors);
            errors.ThrowIfAny();
            var layout = new WindowLayout(WindowSize, Horizon, Columns.Targets.Count, Past: PastCovariateColumnNames.Length, Future: FutureCovariateColumnNames.Length);
            Parameter[] parameters = ParameterSet.LayOut(ModelLayout.Create(ModelFor(layout)));
            if (Clipping.ProblemWith(parameters) is { } problem)
                errors.Add(nameof(Clipping), "must refer to groups that the model has", $"'{Clipping}'", problem);
            if (Frozen?.ProblemWith(parameters) is { } frozen)
                errors.Add(nameof(Frozen), "must refer to groups that the model has, and leave others", $"'{Frozen}'", frozen);
            errors.ThrowIfAny();
        }

        /// <inheritdoc/>
        internal override IReadOnlyDictionary<string, string> Describe() => OptionTable.Describe(this);

        /// <inheritdoc/>
        internal override LstmTrainerOptions Clone()
        {
            var copy = (Options)MemberwiseClone();
            copy.TargetColumnNames = [.. TargetColumnNames];
            copy.PastCovariateColumnNames = [.. PastCovariateColumnNames];
            copy.FutureCovariateColumnNames = [.. FutureCovariateColumnNames];
            copy.StaticCovariateColumnNames = [.. StaticCovariateColumnNames];
            copy.Quantiles = [.. Quantiles];
            return copy;
        }

        /// <summary>Quantile levels in words, for errors.</summary>
        internal static string TextOf(IEnumerable<float> levels) => string.Join(", ", levels.Select(level => level.ToString(CultureInfo.InvariantCulture)));

        /// <summary>Checks the number of weights once the columns are known; <see cref="Validate"/> counts those of a single input.</summary>
        /// <exception cref="ArgumentException">No model file can hold the model.</exception>
        internal void CheckSize(WindowLayout layout)
        {
            double weights = ModelLayout.Create(ModelFor(layout)).Sum(parameter => (double)parameter.Rows * parameter.Columns);
            if (weights <= SavedWeights.Most) return;
            var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
            errors.Add(nameof(HiddenSize), $"must leave the model with at most {SavedWeights.Most} weights, which a model file can hold", Invariant($"{HiddenSize}, which makes {weights:E1} with {layout.Features} inputs per time step"));
            errors.ThrowIfAny();
        }

        private void CheckSize(OptionErrors errors)
        {
            double units = HiddenSize, layers = (4 * units * (units + 3)) + ((NumberOfLayers - 1) * 8.0 * units * (units + 1));
            double head = (double)Horizon * Math.Max(1, TargetColumnNames?.Length ?? 1) * Math.Max(1, Quantiles?.Length ?? 1) * (units + 1);
            if (layers + head <= SavedWeights.Most) return;
            var (option, value, others) = head > layers
                ? (nameof(Horizon), Horizon, $"{nameof(HiddenSize)} given")
                : (nameof(HiddenSize), HiddenSize, $"{nameof(NumberOfLayers)} and {nameof(Horizon)} given");
            errors.Add(option, $"must leave the model with at most {SavedWeights.Most} weights, which a model file can hold, {others}", Invariant($"{value}, which makes {layers + head:E1}"));
        }

        private void CheckColumns(OptionErrors errors)
        {
            if (InputColumnName is not null && TargetColumnNames.Length > 0)
                errors.Add(nameof(InputColumnName), $"must be null with {nameof(TargetColumnNames)}", $"'{InputColumnName}'");
            var roles = new Dictionary<string, string>();
            foreach (var (role, names) in new[]
            {
                (nameof(TargetColumnNames), Columns.Targets), (nameof(PastCovariateColumnNames), PastCovariateColumnNames), (nameof(FutureCovariateColumnNames), FutureCovariateColumnNames),
                (nameof(StaticCovariateColumnNames), StaticCovariateColumnNames), (nameof(TimeColumnName), TimeColumnName is null ? [] : [TimeColumnName]),
                (nameof(GroupColumnName), GroupColumnName is null ? [] : [GroupColumnName]),
            })
            {
                foreach (string name in names)
                {
                    if (!roles.TryAdd(name, role)) errors.Add(role, $"must name columns that no other option names, but {roles[name]} has", $"'{name}'");
                }
            }

            foreach (IGrouping<string, ForecastOutput> same in Outputs.GroupBy(output => output.Column).Where(columns => columns.Count() > 1))
                errors.Add(nameof(OutputColumnName), "must give every output column a name of its own", $"'{same.Key}' {same.Count()} times");
        }

        private void CheckCombinations(OptionErrors errors)
        {
            if (Scaling == SeriesScaling.SeasonalDifference && SeasonLength is null)
                errors.Add(nameof(SeasonLength), $"must be set for {nameof(Scaling)} {Scaling}", "null");
            if (Quantiles.Length > 0)
            {
                if (!Quantiles.Contains(0.5f)) errors.Add(nameof(Quantiles), "must contain 0.5, the forecast", TextOf(Quantiles), "add 0.5.");
                if (Loss is not MseLoss) errors.Add(nameof(Loss), $"must be mse with {nameof(Quantiles)}, which have the pinball loss", Loss.Text);
            }

            if (Calendar is not null and not CalendarFeatures.None && TimeColumnName is null)
                errors.Add(nameof(Calendar), $"must be null without {nameof(TimeColumnName)}", $"{Calendar}");
            if (Strategy != ForecastStrategy.Recursive) return;
            if (Quantiles.Length > 0) errors.Add(nameof(Strategy), $"must be {ForecastStrategy.Direct} with {nameof(Quantiles)}", $"{Strategy}");
            if (PastCovariateColumnNames.Length > 0)
                errors.Add(nameof(Strategy), $"must be {ForecastStrategy.Direct} with past covariates, which are not known for the rows of the horizon", $"{Strategy}");
            if (TimeColumnName is not null && Calendar != CalendarFeatures.None && FutureCovariateColumnNames.Length == 0)
                errors.Add(nameof(Calendar), $"must be {CalendarFeatures.None} with {nameof(Strategy)} {Strategy}, unless there are future covariates, whose rows have a time", Calendar is null ? "null" : $"{Calendar}");
        }
    }
}
