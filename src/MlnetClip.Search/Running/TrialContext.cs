
namespace MlnetClip.Search.Running;

/// <summary>The interface of a running trial to its study.</summary>
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

    /// <summary>Signaled when the trial, or the study, must stop immediately.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The step at which the trial will be complete, 1 or more, which Hyperband uses. Default 1; set it before the first report.</summary>
    public int MaxSteps { get; set; } = 1;

    /// <summary>The step at which a value that is NaN or infinite was reported, or null.</summary>
    internal int? NonFiniteStep { get; private set; }

    /// <summary>The finite values that were reported so far.</summary>
    internal IReadOnlyList<TrialReport> Reports => _reports;

    /// <summary>Reports an intermediate value. A value that is NaN or infinite makes the trial fail; the trial should stop.</summary>
    /// <param name="step">The step that the trial has reached, above the previous one.</param>
    /// <param name="value">The value; lower is better.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not above the one before it, or below 1.</exception>
    /// <exception cref="OperationCanceledException">The trial must stop immediately.</exception>
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

    /// <summary>Whether the trial should stop: it is not promising compared with the others, or its values are not finite.</summary>
    public bool ShouldPrune() => NonFiniteStep is not null || (_reports.Count > 0 && _shouldPrune(this));

    /// <summary>Stores a measure with the trial, regardless of its outcome unless the study stops before. A later value of the same name replaces it.</summary>
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
