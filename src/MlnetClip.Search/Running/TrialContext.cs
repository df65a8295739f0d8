
namespace MlnetClip.Search.Running;

/// <summary>What a running trial may ask and report.</summary>
public sealed class TrialContext
{
    private readonly Lock _lock = new();
    private readonly List<TrialReport> _reports = [];
    private readonly Dictionary<string, double> _measures = new(StringComparer.Ordinal);
    private readonly Func<TrialContext, bool> _shouldPrune;
    private readonly Action<TrialReport> _reported;

    internal TrialContext(Trial trial, Func<TrialContext, bool> shouldPrune, Action<TrialReport> reported, CancellationToken cancellationToken)
    {
        (Trial, _shouldPrune, _reported, CancellationToken) = (trial, shouldPrune, reported, cancellationToken);
    }

    /// <summary>The trial.</summary>
    public Trial Trial { get; }

    /// <summary>Signalled when the trial, or the study, is to stop at once.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The step at which the trial will be complete, 1 or more; Hyperband divides it up. Default 1: set it before the first report.</summary>
    public int MaxSteps { get; set; } = 1;

    /// <summary>The step at which a value that is NaN or infinite was reported, or null.</summary>
    internal int? NonFiniteStep { get; private set; }

    /// <summary>What was reported so far; finite values only.</summary>
    internal IReadOnlyList<TrialReport> Reports => _reports;

    /// <summary>Reports a value on the way. A value that is NaN or infinite makes the trial fail; it should stop.</summary>
    /// <param name="step">How far the trial has come, above the step before.</param>
    /// <param name="value">The value, less is better.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not above the one before it, or below 1.</exception>
    /// <exception cref="OperationCanceledException">The trial is to stop at once.</exception>
    public void Report(int step, double value)
    {
        CancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, _reports.Count == 0 ? 0 : _reports[^1].Step);
        var report = new TrialReport(step, value);
        lock (_lock)
        {
            if (double.IsFinite(value)) _reports.Add(report);
            else NonFiniteStep ??= step;
        }

        _reported(report);
    }

    /// <summary>Whether the trial should stop: it looks bad beside the others, or its values are not finite.</summary>
    public bool ShouldPrune() => NonFiniteStep is not null || (_reports.Count > 0 && _shouldPrune(this));

    /// <summary>Keeps a figure with the trial, however it ends, unless the study stops before; a later one of the same name replaces it.</summary>
    public void Measure(string name, double value)
    {
        lock (_lock) _measures[name] = value;
    }

    /// <summary>The trial with what was reported and measured so far.</summary>
    internal Trial Snapshot()
    {
        lock (_lock) return Trial with { Reports = [.. _reports], Measures = new Dictionary<string, double>(_measures) };
    }
}
