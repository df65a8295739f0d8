using MlnetClip.Kernels;
using MlnetClip.Search.Pruners;
using MlnetClip.Search.Settings;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Stops a trial whose best value so far is worse than the median of what earlier trials reported at the same step.</summary>
public sealed record MedianPruner : IPruner
{
    internal static readonly OptionRange[] Ranges = [new(nameof(StartupTrials), 1, Whole: true), new(nameof(WarmupSteps), 0, Whole: true)];

    /// <summary>Creates the pruner.</summary>
    /// <param name="startupTrials">The number of trials that must have reported a value at a step before a trial is stopped there, 1 or more, default 4.</param>
    /// <param name="warmupSteps">The number of steps during which no trial is stopped, 0 or more, default 0.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public MedianPruner(int startupTrials = 4, int warmupSteps = 0)
    {
        var errors = new OptionErrors(nameof(MedianPruner));
        errors.Check(Ranges[0], startupTrials);
        errors.Check(Ranges[1], warmupSteps);
        errors.ThrowIfAny();
        StartupTrials = startupTrials;
        WarmupSteps = warmupSteps;
    }

    /// <summary>The number of trials that must have reported a value at a step before a trial is stopped there.</summary>
    public int StartupTrials { get; }

    /// <summary>The number of steps during which no trial is stopped.</summary>
    public int WarmupSteps { get; }

    /// <inheritdoc/>
    public bool ShouldPrune(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Step <= WarmupSteps) return false;
        double[] others = [.. request.Others.Select(other => other.ValueAt(request.Step)).OfType<double>().Order()];
        if (others.Length < StartupTrials) return false;
        return request.Reports.Min(report => report.Value) > SortedQuantile.Of(others, 0.5);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print("median", ("n_startup_trials", StartupTrials, 4), ("n_warmup_steps", WarmupSteps, 0));

    internal static MedianPruner Read(NamedValues text)
    {
        var pruner = new MedianPruner(text.Take("n_startup_trials", 4), text.Take("n_warmup_steps", 0));
        text.Close("n_startup_trials", "n_warmup_steps");
        return pruner;
    }
}
