namespace MlnetClip.Search.Planning;

/// <summary>What a <see cref="ClippingPlan"/> plans.</summary>
public sealed record ClippingPlanOptions
{
    /// <summary>What is searched.</summary>
    public ClippingSpace Space { get; init; } = new();

    /// <summary>Trials of all stages together, 2 or more; default 40.</summary>
    public int Trials { get; init; } = 40;

    /// <summary>
    /// What all trials may cost together, in whole fits, 2 or more; default any. A trial that was stopped early counts as far as it came,
    /// beside the furthest of the others.
    /// </summary>
    public double WholeFits { get; init; } = double.PositiveInfinity;

    /// <summary>Seeds that finalists are tried with, 1 or more; default 5.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Trials a generation while exploring, 1 or more; default 4.</summary>
    public int GenerationSize { get; init; } = 4;

    /// <summary>Chooses the points to explore; default TPE.</summary>
    public ISampler Sampler { get; init; } = new TpeSampler(startupTrials: 8);

    /// <summary>The study's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether to stop exploring and go on to the finalists, asked before each generation; default never. Results then depend on the machine.</summary>
    public Func<bool> TimeIsUp { get; init; } = () => false;
}
