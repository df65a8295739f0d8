using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>What stands before the weights of a saved forecaster. Fields are added, never renamed; an unknown field is ignored.</summary>
internal sealed record SavedDescription(
    ForecasterDescription Description, WindowLayout Layout, ModelSpec Model, ForecastHead Head, string[] Groups, SeriesScaler[][] Scalers, SeriesScaler[] Pooled,
    ChannelScale[] Covariates, LstmTrainingReport Training, int? MaximumGap = null, SavedLinear? Linear = null)
{
    /// <summary>More channels, series or rows than this are a damaged file.</summary>
    private const int Most = 1_000_000;

    /// <summary>Throws for the first field that cannot be right, apart from the sizes of the model, which <see cref="SavedWeights"/> checks.</summary>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public void Check()
    {
        CheckColumns();
        CheckLayout();
        CheckHead();
        CheckModel();
        CheckScaling();
        Linear?.Check(Layout.WindowSize, Groups.Length, Layout.Targets);
        if (MaximumGap is { } gap) SavedField.InRange(nameof(MaximumGap), gap, 0);
        SavedReport.Check(Training, Layout.TimeSteps);
        if ((long)Layout.WindowSize + (Head.Strategy == ForecastStrategy.Recursive ? 1 : Layout.Horizon) > Training.Rows - Training.ValidationRows)
            throw SavedField.Wrong("Layout.WindowSize + Layout.Horizon", $"must be at most the {Training.Rows - Training.ValidationRows} rows trained on", $"{Layout.WindowSize} + {Layout.Horizon}");
    }

    private void CheckColumns()
    {
        SavedField.NotNull(nameof(Description), Description);
        ForecastColumns columns = SavedField.NotNull("Columns", Description.Columns);
        SavedField.Name(nameof(Description.OutputColumnName), Description.OutputColumnName);
        if (SavedField.Items("Columns.Targets", columns.Targets).Count == 0) throw SavedField.Wrong("Columns.Targets", "must have a name", "empty");
        CheckNames("Columns.Targets", columns.Targets);
        CheckNames("Columns.Past", columns.Past);
        CheckNames("Columns.Future", columns.Future);
        CheckNames("Columns.Static", columns.Static);
        foreach (string? name in new[] { columns.Time, columns.Group, Description.LowerBoundColumn, Description.UpperBoundColumn })
            if (name is not null) SavedField.Name("Columns", name);
        SavedField.Defined(nameof(Description.UnseenSeries), Description.UnseenSeries);
        if (((int)Description.Calendar & ~15) != 0) throw SavedField.Wrong(nameof(Description.Calendar), "must be calendar features", Description.Calendar.ToString("D"));
        if (Description.Calendar != CalendarFeatures.None && columns.Time is null) throw SavedField.Wrong(nameof(Description.Calendar), "must be None without a time column", $"{Description.Calendar}");
    }

    private static void CheckNames(string field, IReadOnlyList<string> names)
    {
        SavedField.Items(field, names);
        for (int i = 0; i < names.Count; i++) SavedField.Name($"{field}[{i}]", names[i]);
    }

    private void CheckLayout()
    {
        ForecastColumns columns = Description.Columns;
        SavedField.NotNull(nameof(Layout), Layout);
        SavedField.InRange("Layout.WindowSize", Layout.WindowSize, 2, LstmForecastingTrainer.Options.LongestWindow);
        SavedField.InRange("Layout.Horizon", Layout.Horizon, 1, Array.MaxLength);
        SavedField.InRange("Layout.Targets", Layout.Targets, columns.Targets.Count, columns.Targets.Count);
        SavedField.InRange("Layout.Past", Layout.Past, columns.Past.Count, columns.Past.Count == 0 ? 0 : Most);
        SavedField.InRange("Layout.Future", Layout.Future, columns.Future.Count, columns.Future.Count == 0 ? 0 : Most);
        SavedField.InRange("Layout.Static", Layout.Static, columns.Static.Count, columns.Static.Count == 0 ? 0 : Most);
        SavedField.InRange("Layout.Calendar", Layout.Calendar, Calendar.Count(Description.Calendar), Calendar.Count(Description.Calendar));
        SavedField.InRange("Layout.Lag", Layout.Lag, 0, Most);
        if (Layout.Grouped != (columns.Group is not null)) throw SavedField.Wrong("Layout.Grouped", "must be true with a group column only", $"{Layout.Grouped}");
        long horizon = Layout.ReadsHorizon ? Layout.Horizon : 0;
        double length = ((double)Layout.Targets * (Layout.WindowSize + Layout.Lag)) + ((double)(Layout.Past + Layout.Future + Layout.Calendar) * (Layout.WindowSize + horizon)) + Layout.Static;
        SavedField.InRange("Layout", length, 1, Array.MaxLength - 1);
    }

    private void CheckHead()
    {
        SavedField.NotNull(nameof(Head), Head);
        SavedField.Defined("Head.Strategy", Head.Strategy);
        IReadOnlyList<float> quantiles = SavedField.NotNull("Head.Quantiles", Head.Quantiles);
        if (quantiles.Count > 0 && (PinballLoss.ProblemWith([.. quantiles]) is not null || !quantiles.Contains(0.5f) || Head.Strategy == ForecastStrategy.Recursive))
            throw SavedField.Wrong("Head.Quantiles", "must be ascending levels with 0.5 among them, of a direct forecaster", string.Join(", ", quantiles));
        bool hasBounds = Description.LowerBoundColumn is not null || Description.UpperBoundColumn is not null;
        if (hasBounds != (Head.Interval is not null)) throw SavedField.Wrong("Head.Interval", "must be set with columns for bounds only", Head.Interval is null ? "null" : "set");
        if (Head.Interval is not { } interval) return;
        SavedField.InRange("Head.Interval.Level", interval.Level, float.Epsilon, MathF.BitDecrement(1f));
        SavedField.NotNull("Head.Interval.Margins", interval.Margins);
        if (interval.Margins.Length != Layout.Targets || interval.Margins.Any(margins => margins?.Length != Layout.Horizon))
            throw SavedField.Wrong("Head.Interval.Margins", $"must be {Layout.Horizon} for each of {Layout.Targets} targets", "another number");
        foreach (double margin in interval.Margins.SelectMany(margins => margins)) SavedField.InRange("Head.Interval.Margins", margin, double.NegativeInfinity);
    }

    private void CheckModel()
    {
        SavedField.NotNull(nameof(Model), Model);
        SavedField.InRange("Model.Features", Model.Features, Layout.Features, Layout.Features);
        SavedField.InRange("Model.Embeddings.Count", SavedField.NotNull("Model.Embeddings", Model.Embeddings).Count, 0, 0);
        SavedField.NotNull("Model.Head", Model.Head);
        if (Model.Head.Pooling == Pooling.EveryStep != Layout.ReadsHorizon)
            throw SavedField.Wrong("Model.Head.Pooling", Layout.ReadsHorizon ? "must be EveryStep with future covariates" : "must not be EveryStep in a forecaster without future covariates", $"{Model.Head.Pooling}");
        long steps = Layout.ReadsHorizon || Head.Strategy == ForecastStrategy.Recursive ? 1 : Layout.Horizon, outputs = steps * Layout.Targets * Head.Levels;
        SavedField.InRange("Model.Head.Outputs", Model.Head.Outputs, outputs, outputs);
    }

    private void CheckScaling()
    {
        int groups = SavedField.Items(nameof(Groups), Groups).Count;
        if (groups == 0 || Groups.Distinct().Count() != groups || (!Layout.Grouped && groups != 1)) throw SavedField.Wrong(nameof(Groups), "must be different names of series, one without a group column", $"{groups} names");
        if (SavedField.Items(nameof(Scalers), Scalers).Count != groups) throw SavedField.Wrong(nameof(Scalers), $"must be those of {groups} series", $"{Scalers.Length}");
        for (int g = 0; g < groups; g++) CheckScalers($"Scalers[{g}]", Scalers[g]);
        CheckScalers(nameof(Pooled), Pooled);
        int covariates = Layout.Past + Layout.Future + Layout.Static;
        if (SavedField.Items(nameof(Covariates), Covariates).Count != covariates) throw SavedField.Wrong(nameof(Covariates), $"must be the scales of {covariates} channels", $"{Covariates.Length}");
        foreach (ChannelScale scale in Covariates)
        {
            SavedField.InRange("Covariates.Mean", scale.Mean, double.NegativeInfinity);
            SavedField.InRange("Covariates.Deviation", scale.Deviation, double.Epsilon);
        }
    }

    private void CheckScalers(string field, SeriesScaler[] scalers)
    {
        if (SavedField.Items(field, scalers).Count != Layout.Targets) throw SavedField.Wrong(field, $"must be the scaling of {Layout.Targets} targets", $"{scalers.Length}");
        foreach (SeriesScaler scaler in scalers)
        {
            SavedField.Defined($"{field}.Scaling", scaler.Scaling);
            if (scaler.Scaling != Scalers[0][0].Scaling) throw SavedField.Wrong($"{field}.Scaling", $"must be {Scalers[0][0].Scaling} as in the first series", $"{scaler.Scaling}");
            SavedField.InRange($"{field}.Mean", scaler.Mean, double.NegativeInfinity);
            SavedField.InRange($"{field}.Scale", scaler.Scale, double.Epsilon);
            SavedField.InRange($"{field}.Season", scaler.Season, scaler.Scaling == SeriesScaling.SeasonalDifference ? 1 : 0, Most);
            if (scaler.Lag != Layout.Lag) throw SavedField.Wrong($"{field}.Season", $"must be the {Layout.Lag} rows before the window", $"{scaler.Season}");
        }
    }
}
