using Microsoft.ML;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Running;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>The options of a <see cref="ClippingStudy"/>. <see cref="Pipeline"/> or <see cref="PipelineFromSettings"/> is required.</summary>
public sealed record ClippingStudyOptions
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(Seeds), 1, 1000, Whole: true),
        new(nameof(Workers), 1, 1024, Whole: true),
        new(nameof(GenerationSize), 1, 1024, Whole: true),
    ];

    private static readonly OptionRange s_bound = new("the bounds", 0, MinimumLegal: false);

    /// <summary>
    /// Creates the pipeline with a clipping setting: a trainer of MlnetClip or a chain that contains one. Called concurrently
    /// with several <see cref="Workers"/>.
    /// </summary>
    public Func<GradientClipping, IEstimator<ITransformer>>? Pipeline { get; init; }

    /// <summary>Creates the pipeline from all searched settings; replaces <see cref="Pipeline"/> if more than the clipping is searched.</summary>
    public Func<TrialSettings, IEstimator<ITransformer>>? PipelineFromSettings { get; init; }

    /// <summary>
    /// The metric of a fitted pipeline, computed from its predictions for the validation data; lower is better; <see cref="StudyMetrics"/> has those of Microsoft.ML by name. A trial whose metric is NaN or infinite fails. Default: null for the validation loss of the
    /// trainer's best epoch. A chain needs a metric if validation data is given. Early stopping of trials always uses the trainer's
    /// own loss, because the metric is only known at the end.
    /// </summary>
    public Func<IDataView, double>? Metric { get; init; }

    /// <summary>The budget of the study; default 40 trials.</summary>
    public StudyBudget Budget { get; init; } = new();

    /// <summary>The file of the study, so that it can be stopped, killed, resumed and shared by processes; default null to keep the study in memory.</summary>
    public string? StoragePath { get; init; }

    /// <summary>
    /// The store of the study, instead of <see cref="StoragePath"/>: a custom one, or one that several studies with the same settings share. It is not disposed.
    /// Default: null.
    /// </summary>
    public IStudyStore? Store { get; init; }

    /// <summary>
    /// A text that must be equal for a study to be resumed. The options of the pipeline's trainer and its training data are compared
    /// in any case, and so are the validation data of a <see cref="Metric"/>; transforms after the trainer and the function itself are not. Default: empty.
    /// </summary>
    public string Identity { get; init; } = "";

    /// <summary>The rules that are searched; with several, the rule is searched too. Default: the global norm.</summary>
    public IReadOnlyList<SearchedRule> Rules { get; init; } = [SearchedRule.GlobalNorm];

    /// <summary>The range of thresholds to search, for a single rule; default null to derive it from a fit without clipping.</summary>
    public (double Minimum, double Maximum)? Thresholds { get; init; }

    /// <summary>Learning rates to search; default null for the pipeline's own.</summary>
    public (double Minimum, double Maximum)? LearningRates { get; init; }

    /// <summary>Batch sizes to search; default none for the pipeline's own.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [];

    /// <summary>The number of seeds that the finalists are tried with, 1 to 1000, default 5: <see cref="Seed"/> and the next integers.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The seed of all randomness. Default: null for the seed of the <see cref="MLContext"/>, or 1 if it has none.</summary>
    public int? Seed { get; init; }

    /// <summary>Chooses the settings to try; default TPE after eight evenly spread points.</summary>
    public ISampler Sampler { get; init; } = new TpeSampler(startupTrials: 8);

    /// <summary>
    /// Stops trials that are not promising; default successive halving with one decision, after 15% of a fit: about a third of the trials
    /// continues to the end.
    /// </summary>
    public IPruner Pruner { get; init; } = new SuccessiveHalvingPruner(minShare: 0.15f, rungs: 1);

    /// <summary>The number of trials that run concurrently in this process, 1 to 1024, default 1; they share the processors. The result does not depend on it.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// The number of trials in a generation of the exploration, 1 to 1024, default 4. More trials keep more workers busy; with fewer, the search learns
    /// from each sooner. The result depends on it.
    /// </summary>
    public int GenerationSize { get; init; } = 4;

    /// <summary>Is notified of trials as they run; default none. They are also written to <see cref="MLContext.Log"/>.</summary>
    public IStudyMonitor? Monitor { get; init; }

    // How long a trial stays claimed by a process that has terminated; tests shorten it.
    internal TimeSpan Lease { get; init; } = new StudyRunnerOptions().Lease;

    // The clock for the study and its trials; tests use one of their own.
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal ClippingSpace Space => new() { Rules = Rules, Range = Thresholds, LearningRates = LearningRates, BatchSizes = BatchSizes };

    internal IEstimator<ITransformer> Make(TrialSettings settings) =>
        PipelineFromSettings is { } make ? make(settings) : Pipeline!(settings.Clipping);

    /// <summary>Checks all options and reports every error together.</summary>
    internal void Validate()
    {
        var errors = new OptionErrors(nameof(ClippingStudyOptions));
        if (Pipeline is null == PipelineFromSettings is null)
            errors.Add(nameof(Pipeline), $"or {nameof(PipelineFromSettings)} must be set, but not both", Pipeline is null ? "neither" : "both");
        foreach (var (name, value) in new (string, object?)[]
            { (nameof(Budget), Budget), (nameof(Identity), Identity), (nameof(Rules), Rules), (nameof(BatchSizes), BatchSizes), (nameof(Sampler), Sampler), (nameof(Pruner), Pruner) })
            if (value is null) errors.Add(name, "must be set", "null");

        Budget?.Check(errors);
        errors.Check(Ranges[0], Seeds);
        errors.Check(Ranges[1], Workers);
        errors.Check(Ranges[2], GenerationSize);
        if (StoragePath is not null && string.IsNullOrWhiteSpace(StoragePath)) errors.Add(nameof(StoragePath), "must name a file, or be null for memory", $"'{StoragePath}'");
        if (StoragePath is not null && Store is not null) errors.Add(nameof(Store), $"must be null where {nameof(StoragePath)} names a file", $"{Store.GetType().Name}");
        if (Rules is not null && (Rules.Count == 0 || Rules.Distinct().Count() < Rules.Count || !Rules.All(Enum.IsDefined)))
            errors.Add(nameof(Rules), "must have at least one rule, each once", $"[{string.Join(", ", Rules)}]");
        CheckRange(errors, nameof(Thresholds), Thresholds);
        CheckRange(errors, nameof(LearningRates), LearningRates);
        if (Thresholds is not null && Rules?.Count > 1)
            errors.Add(nameof(Thresholds), "must be null with several rules, whose thresholds differ", Text(Thresholds));
        if (BatchSizes is not null && (BatchSizes.Any(size => size < 1) || BatchSizes.Distinct().Count() < BatchSizes.Count))
            errors.Add(nameof(BatchSizes), "must be 1 or more, each once", $"[{string.Join(", ", BatchSizes)}]");
        if (PipelineFromSettings is null && (LearningRates is not null || BatchSizes?.Count > 0))
            errors.Add(nameof(PipelineFromSettings), $"must be set where {nameof(LearningRates)} or {nameof(BatchSizes)} are searched", "null", $"{nameof(Pipeline)} gets only the clipping.");
        errors.ThrowIfAny();
    }

    private static void CheckRange(OptionErrors errors, string name, (double Minimum, double Maximum)? range)
    {
        if (range is not { } given || (s_bound.Contains(given.Minimum) && s_bound.Contains(given.Maximum) && given.Minimum < given.Maximum)) return;
        errors.Add(name, "must be two numbers above 0, the smaller first", Text(range));
    }

    /// <summary>A range as text.</summary>
    internal static string Text((double Minimum, double Maximum)? range) =>
        range is { } given ? FormattableString.Invariant($"({given.Minimum:R}, {given.Maximum:R})") : "null";
}
