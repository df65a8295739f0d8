using MlnetClip.Data;
using MlnetClip.Search.Samplers;
using MlnetClip.Search.Settings;
using MlnetClip.Search.Spaces;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kegl, 2011): estimates the densities of good trials and
/// of the others, draws candidates from the first density and takes the one with the largest ratio of the two. An unordered choice is
/// drawn in proportion to that ratio.
/// </summary>
/// <remarks>
/// Failed trials count among the others, so that the search leaves a region that diverges. Pruned trials rank behind complete
/// ones: the later they were stopped, the better. Points of the same generation count among the others too, so that the sampler
/// does not request the same region twice. Until enough trials have a value, points come from the Halton sequence.
/// </remarks>
public sealed record TpeSampler : ISampler
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(StartupTrials), 1, Whole: true),
        new(nameof(Candidates), 1, 10_000, Whole: true),
        new(nameof(GoodShare), 0, 1, MinimumLegal: false, MaximumLegal: false),
    ];

    private static readonly HaltonSampler Startup = new();

    /// <summary>Creates the sampler.</summary>
    /// <param name="startupTrials">The number of evenly spread trials at the start, 1 or more, default 10.</param>
    /// <param name="candidates">The number of candidates drawn for each numeric parameter, 1 to 10,000, default 24.</param>
    /// <param name="goodShare">The share of trials that counts as good, above 0 and below 1, default 0.15.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public TpeSampler(int startupTrials = 10, int candidates = 24, float goodShare = 0.15f)
    {
        var errors = new OptionErrors(nameof(TpeSampler));
        errors.Check(Ranges[0], startupTrials);
        errors.Check(Ranges[1], candidates);
        errors.Check(Ranges[2], goodShare);
        errors.ThrowIfAny();
        StartupTrials = startupTrials;
        Candidates = candidates;
        GoodShare = goodShare;
    }

    /// <summary>The number of evenly spread trials at the start.</summary>
    public int StartupTrials { get; }

    /// <summary>The number of candidates drawn for each numeric parameter.</summary>
    public int Candidates { get; }

    /// <summary>The share of trials that counts as good.</summary>
    public float GoodShare { get; }

    /// <inheritdoc/>
    public SearchPoint? Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Trial[] ranked = TrialRanking.Rank(request.History);
        int valued = ranked.Count(trial => trial.State != TrialState.Failed);
        if (request.Number < StartupTrials || valued == 0) return Startup.Sample(request);

        int good = Math.Min((int)Math.Ceiling(GoodShare * ranked.Length), valued);
        SearchPoint[] best = [.. ranked.Take(good).Select(trial => trial.Point)];
        SearchPoint[] rest = [.. ranked.Skip(good).Select(trial => trial.Point), .. request.Pending];
        SeededRandom random = request.CreateRandom();
        return request.Space.Build((parameter, _) => parameter is ChoiceParameter choice
            ? Choose(choice, best, rest, random)
            : Draw((RealParameter)parameter, best, rest, random));
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print(
        "tpe", ("n_startup_trials", StartupTrials, 10), ("n_candidates", Candidates, 24), ("good_share", GoodShare, 0.15f));

    internal static TpeSampler Read(NamedValues text)
    {
        var sampler = new TpeSampler(text.Take("n_startup_trials", 10), text.Take("n_candidates", 24), text.Take("good_share", 0.15f));
        text.Close("n_startup_trials", "n_candidates", "good_share");
        return sampler;
    }

    private PointValue Draw(RealParameter parameter, SearchPoint[] best, SearchPoint[] rest, SeededRandom random)
    {
        var good = new ParzenEstimator(Units(best));
        var others = new ParzenEstimator(Units(rest));
        double chosen = 0, highest = double.NegativeInfinity;
        for (int i = 0; i < Candidates; i++)
        {
            double candidate = good.Draw(random);
            double ratio = Math.Log(good.Density(candidate)) - Math.Log(others.Density(candidate));
            if (ratio > highest) (chosen, highest) = (candidate, ratio);
        }

        return parameter.FromUnit(chosen);

        double[] Units(SearchPoint[] points) =>
            [.. points.Select(point => point.Find(parameter.Name)).Where(value => value is not null).Select(value => parameter.ToUnit(value!.Value.Number))];
    }

    private static PointValue Choose(ChoiceParameter parameter, SearchPoint[] best, SearchPoint[] rest, SeededRandom random)
    {
        // Drawn in proportion to the ratio instead of taking the largest: a choice is not abandoned because its first trials were unlucky.
        double[] good = Shares(best), others = Shares(rest);
        double[] ratios = [.. good.Select((share, i) => share / others[i])];
        double level = random.NextDouble() * ratios.Sum();
        int chosen = 0;
        while (chosen < ratios.Length - 1 && (level -= ratios[chosen]) >= 0) chosen++;
        return parameter.At(chosen);

        double[] Shares(SearchPoint[] points)
        {
            // The prior has the weight of one observation, spread over all choices.
            double[] shares = new double[parameter.Choices.Count];
            Array.Fill(shares, 1.0 / shares.Length);
            int seen = 1;
            foreach (SearchPoint point in points)
            {
                if (point.Find(parameter.Name) is not { } value) continue;
                shares[(int)value.Number]++;
                seen++;
            }

            for (int i = 0; i < shares.Length; i++) shares[i] /= seen;
            return shares;
        }
    }
}
