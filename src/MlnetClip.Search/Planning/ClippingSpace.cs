using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Planning;

/// <summary>
/// What a clipping study searches, as data: the threshold of one rule, or the rule and its threshold, and optionally the learning
/// rate and the batch size. Builds the search space, and interprets its points.
/// </summary>
public sealed record ClippingSpace
{
    /// <summary>The name of the parameter for the rule, if there are several rules.</summary>
    public const string Rule = "rule";

    /// <summary>The name of the parameter for the learning rate.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>The name of the parameter for the batch size.</summary>
    public const string BatchSize = "batch_size";

    /// <summary>The global norms that are searched when nothing was measured.</summary>
    public static (double Minimum, double Maximum) UncalibratedRange { get; } = (0.01, 100);

    /// <summary>The rules, one or more; default the global norm.</summary>
    public IReadOnlyList<SearchedRule> Rules { get; init; } = [SearchedRule.GlobalNorm];

    /// <summary>The range of thresholds of a single rule; null, the default, to derive it (for norm and value, from the calibration).</summary>
    public (double Minimum, double Maximum)? Range { get; init; }

    /// <summary>Learning rates to search on a logarithmic scale; default null for the pipeline's own.</summary>
    public (double Minimum, double Maximum)? LearningRates { get; init; }

    /// <summary>Batch sizes to search; default none for the pipeline's own.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [];

    /// <summary>Whether only a threshold is searched, so that there is a curve over it.</summary>
    public bool IsLine => Rules.Count == 1 && LearningRates is null && BatchSizes.Count == 0;

    /// <summary>The space to search.</summary>
    /// <param name="unclipped">What was measured, or null.</param>
    public SearchSpace Build(UnclippedFit? unclipped)
    {
        var norms = Range ?? unclipped?.NormRange() ?? UncalibratedRange;
        List<SearchParameter> parameters = [];
        if (Rules.Count > 1) parameters.Add(new ChoiceParameter(Rule, [.. Rules.Select(Name)]));
        foreach (SearchedRule rule in Rules)
        {
            ParameterCondition? when = Rules.Count > 1 ? new ParameterCondition(Rule, Name(rule)) : null;
            var (minimum, maximum) = Range ?? Thresholds(rule, norms, unclipped);
            parameters.Add(new RealParameter(Name(rule), minimum, maximum, logarithmic: rule != SearchedRule.Percentile, when));
        }

        if (LearningRates is { } rates) parameters.Add(new RealParameter(LearningRate, rates.Minimum, rates.Maximum));
        if (BatchSizes.Count > 0) parameters.Add(new ChoiceParameter(BatchSize, [.. BatchSizes.Select(size => $"{size}")]));
        return new SearchSpace(parameters);
    }

    /// <summary>The clipping at a point; none at the empty point.</summary>
    public GradientClipping ClippingAt(SearchPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        foreach (SearchedRule rule in Rules)
        {
            if (point.Find(Name(rule)) is { } threshold) return Clipping(rule, threshold.Number);
        }

        return GradientClipping.None;
    }

    /// <summary>The settings of the pipeline at a point.</summary>
    public TrialSettings SettingsAt(SearchPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return new(
            ClippingAt(point),
            (float?)point.Find(LearningRate)?.Number,
            point.Find(BatchSize) is { } size ? BatchSizes[(int)size.Number] : null);
    }

    /// <summary>The rule at a point; null at the empty point.</summary>
    public SearchedRule? RuleAt(SearchPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        foreach (SearchedRule rule in Rules)
        {
            if (point.Find(Name(rule)) is not null) return rule;
        }

        return null;
    }

    /// <summary>The threshold of the rule at a point; null at the empty point.</summary>
    public double? ThresholdAt(SearchPoint point) => RuleAt(point) is { } rule ? point.Number(Name(rule)) : null;

    /// <summary>The name of a rule in texts.</summary>
    public static string Name(SearchedRule rule) => rule switch
    {
        SearchedRule.GlobalNorm => "norm",
        SearchedRule.Value => "value",
        SearchedRule.AdaptiveByUnit => "agc",
        SearchedRule.Percentile => "autoclip",
        _ => "zclip",
    };

    private static GradientClipping Clipping(SearchedRule rule, double threshold) => rule switch
    {
        SearchedRule.GlobalNorm => GradientClipping.ByGlobalNorm(threshold),
        SearchedRule.Value => GradientClipping.ByValue(threshold),
        SearchedRule.AdaptiveByUnit => GradientClipping.AdaptiveByUnit(threshold),
        SearchedRule.Percentile => GradientClipping.ByPercentile(threshold),
        _ => GradientClipping.ByZScore(threshold),
    };

    private static (double Minimum, double Maximum) Thresholds(SearchedRule rule, (double Minimum, double Maximum) norms, UnclippedFit? unclipped)
    {
        switch (rule)
        {
            case SearchedRule.GlobalNorm:
                return norms;
            case SearchedRule.Value:
                // If all elements were equal, each would be the norm divided by the root of their number; real gradients are uneven.
                double even = Math.Sqrt(Math.Max(1, unclipped?.Parameters ?? 1));
                return (norms.Minimum / even, 10 * norms.Maximum / even);
            case SearchedRule.AdaptiveByUnit:
                return (0.001, 1);
            case SearchedRule.Percentile:
                return (1, 99);
            default:
                return (0.5, 5);
        }
    }
}
