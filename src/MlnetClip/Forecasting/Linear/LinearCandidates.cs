using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>The forecasts that the linear part is the mean of: choices of inputs, each drawn to the last value, to the last season, and to the last season plus the change over it.</summary>
internal static class LinearCandidates
{
    /// <summary>The candidates for a window.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="layout">The window.</param>
    /// <param name="scaling">Where values are 0 for the network.</param>
    /// <param name="season">Rows of a season; 0 for none.</param>
    public static IReadOnlyList<LinearCandidate> Of(LinearInputs inputs, WindowLayout layout, SeriesScaling scaling, int season)
    {
        List<(string Name, LinearPrior? Prior)> priors = [("last value", scaling is SeriesScaling.RelativeToLast or SeriesScaling.SeasonalDifference ? null : Last(inputs, layout))];
        if (season > 1 && season < inputs.Rows && scaling != SeriesScaling.SeasonalDifference)
        {
            priors.Add(("last season", Seasonal(inputs, layout, season, drift: false)));
            priors.Add(("last season and its change", Seasonal(inputs, layout, season, drift: true)));
        }

        int[] level = [.. inputs.Level(layout)], calendar = [.. inputs.Calendar(layout)], past = [.. inputs.Past(layout)];
        List<LinearCandidate> choices = [new("window", inputs.Basic(layout))];
        if (past.Length > 0) choices = Doubled(choices, " and past covariates", past);
        if (inputs.ReadsFuture) choices = Doubled(choices, " and future covariates", [.. inputs.Future(layout)], [.. Outputs(layout).Select(i => inputs.FutureOf(layout, i / layout.Targets))]);
        choices = Doubled(choices, " and level", level);
        if (calendar.Length > 0) choices = Doubled(choices, " and calendar", calendar);
        return [.. from choice in choices from prior in priors select choice with { Name = $"{choice.Name}, drawn to the {prior.Name}", Inputs = [.. choice.Inputs.Order()], Prior = prior.Prior }];
    }

    private static List<LinearCandidate> Doubled(List<LinearCandidate> choices, string name, int[] inputs, int[][]? own = null) =>
        [.. choices, .. choices.Select(choice => choice with { Name = choice.Name + name, Inputs = [.. choice.Inputs, .. inputs], Own = own ?? choice.Own })];

    private static IEnumerable<int> Outputs(WindowLayout layout) => Enumerable.Range(0, layout.Horizon * layout.Targets);

    private static LinearPrior Last(LinearInputs inputs, WindowLayout layout) =>
        Of(layout, (_, k) => [(inputs.TargetAt(k, 0), 1.0)]);

    /// <summary><c>x[t + h - k s]</c> with k = ceil(h / s), and with drift <c>+ k (x[t] - x[t - s])</c>.</summary>
    private static LinearPrior Seasonal(LinearInputs inputs, WindowLayout layout, int season, bool drift) => Of(layout, (h, k) =>
    {
        int seasons = (h + season - 1) / season;
        (int, double) value = (inputs.TargetAt(k, (seasons * season) - h), 1.0);
        return drift ? [value, (inputs.TargetAt(k, 0), seasons), (inputs.TargetAt(k, season), -seasons)] : [value];
    });

    private static LinearPrior Of(WindowLayout layout, Func<int, int, (int, double)[]> terms) =>
        new([.. Outputs(layout).Select(i => terms((i / layout.Targets) + 1, i % layout.Targets))]);
}
