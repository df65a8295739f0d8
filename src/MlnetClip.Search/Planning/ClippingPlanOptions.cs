namespace MlnetClip.Search.Planning;

/// <summary>The options of a <see cref="ClippingPlan"/>.</summary>
public sealed record ClippingPlanOptions
{
    /// <summary>What is searched.</summary>
    public ClippingSpace Space { get; init; } = new();

    /// <summary>The number of trials of all stages together, 2 or more; default 40.</summary>
    public int Trials { get; init; } = 40;

    /// <summary>
    /// The budget of all trials together, in whole fits, 2 or more; unlimited by default. A trial that was stopped early counts in proportion
    /// to the longest of the others.
    /// </summary>
    public double WholeFits { get; init; } = double.PositiveInfinity;

    /// <summary>The number of seeds that finalists are tried with, 1 or more; default 5.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The number of trials in a generation of the exploration, 1 or more; default 4.</summary>
    public int GenerationSize { get; init; } = 4;

    /// <summary>Chooses the points to explore; default TPE.</summary>
    public ISampler Sampler { get; init; } = new TpeSampler(startupTrials: 8);

    /// <summary>The study's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Called before each generation: whether to stop exploring and continue with the finalists. Default never; otherwise results depend on the machine.</summary>
    public Func<bool> TimeIsUp { get; init; } = () => false;
}
