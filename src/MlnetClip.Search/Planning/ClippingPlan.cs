using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Planning;

/// <summary>
/// The plan of a clipping study: a fit without clipping for calibration, an exploration with one seed, and rounds in which the
/// best settings are trained with one more seed each. About half of the budget, in trials or in whole fits, is for exploration.
/// </summary>
public sealed class ClippingPlan : IStudyPlan
{
    private readonly ClippingPlanOptions _options;
    private readonly int _confirmations;
    private readonly int _reserved;

    /// <summary>Creates the plan.</summary>
    public ClippingPlan(ClippingPlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _confirmations = ConfirmationRounds.Cost(ConfirmationRounds.Sizes((options.Trials / 2) - 1, options.Seeds));
        int half = (int)Math.Min(_confirmations, options.WholeFits / 2);
        _reserved = ConfirmationRounds.Cost(ConfirmationRounds.Sizes(half, options.Seeds));
        Explorations = options.Trials - 1 - _confirmations;
    }

    /// <summary>The largest number of points that are explored, 1 or more.</summary>
    public int Explorations { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrialRequest> Next(IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        if (trials.Count == 0) return [new TrialRequest(TrialStage.Calibrate, SearchPoint.Empty)];
        List<TrialRequest> next = Explore(trials);
        if (next.Count > 0) return next;
        return Confirm(trials);
    }

    /// <summary>What the first trial of a study measured, or null before it has finished.</summary>
    public static UnclippedFit? UnclippedFitOf(IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return trials.Count > 0 && trials[0] is { Stage: TrialStage.Calibrate, Finished: true } trial ? UnclippedFit.Of(trial) : null;
    }

    private List<TrialRequest> Explore(IReadOnlyList<Trial> trials)
    {
        Trial[] explored = [.. trials.Where(trial => trial.Stage == TrialStage.Explore)];
        int affordable = Math.Max(Whole(FitsLeft(trials) - _reserved), explored.Length == 0 ? 1 : 0);
        int count = Math.Min(Math.Min(_options.GenerationSize, affordable), Explorations - explored.Length);
        if (count <= 0 || (explored.Length > 0 && _options.TimeIsUp())) return [];
        SearchSpace space = _options.Space.Build(UnclippedFitOf(trials));
        List<SearchPoint> points = [];
        while (points.Count < count)
        {
            var request = new SampleRequest(space, _options.Seed, explored.Length + points.Count) { History = explored, Pending = points };
            if (_options.Sampler.Sample(request) is not { } point) break;
            points.Add(point);
        }

        return [.. points.Select(point => new TrialRequest(TrialStage.Explore, point))];
    }

    /// <summary>The missing trials of the first incomplete round. A finalist that fails with a seed ranks behind all that do not.</summary>
    private TrialRequest[] Confirm(IReadOnlyList<Trial> trials)
    {
        var losses = new FinalistLosses(trials);
        SearchPoint[] alive = [.. losses.Explored];
        if (alive.Length == 0) return [];
        int affordable = Math.Min(_confirmations, Whole(FitsLeft(trials.Where(trial => trial.Stage != TrialStage.Confirm))));
        int[] rounds = ConfirmationRounds.Sizes(affordable, _options.Seeds, alive.Length);
        for (int round = 0; round < rounds.Length; round++)
        {
            int seed = round + 1;
            alive = [.. alive.OrderBy(point => losses.Mean(point, seed)).Take(rounds[round])];
            TrialRequest[] missing =
            [
                .. alive.Append(SearchPoint.Empty).Where(point => !losses.Tried(point, seed)).Select(point => new TrialRequest(TrialStage.Confirm, point, seed)),
            ];
            if (missing.Length > 0) return missing;
        }

        return [];
    }

    private static int Whole(double fits) => (int)Math.Min(fits + 1e-6, int.MaxValue); // a sum that is a whole number except for rounding counts as one

    /// <summary>The whole fits of the budget that are left after some trials.</summary>
    private double FitsLeft(IEnumerable<Trial> trials)
    {
        int[] ends = [.. trials.Select(trial => trial.Reports.Count == 0 ? 0 : trial.Reports[^1].Step)];
        double whole = Math.Max(1, ends.Max());
        return _options.WholeFits - ends.Sum(end => end == 0 ? 1 : end / whole);
    }
}
