namespace MlnetClip.Cli.Output;

/// <summary>Two lines below the table of epochs, within 80 columns: where the fit is and the time left; its gradient norm beside the threshold, the share of clipped ones of the last steps, and a sparkline of the norm.</summary>
/// <param name="steps">The steps of the fit, unless it stops early.</param>
/// <param name="before">The steps before a resume; 0 for a new fit.</param>
internal sealed class StepStatus(long steps, long before)
{
    private const int Recent = 200;

    private readonly Queue<bool> _clipped = new();
    private readonly Sparkline _norms = new();
    private StepReport _last;
    private long _done;

    /// <summary>Adds a step.</summary>
    public void Add(in StepReport report)
    {
        _last = report;
        _done = report.Step + 1;
        _norms.Add(report.Clip.NormBefore);
        if (!report.Clip.IsFinite) return;
        _clipped.Enqueue(report.Clip.Changed);
        if (_clipped.Count > Recent) _clipped.Dequeue();
    }

    /// <summary>The lines.</summary>
    /// <param name="elapsed">The time since the fit began or was resumed.</param>
    public string Lines(TimeSpan elapsed)
    {
        if (_done == 0) return "";
        string threshold = double.IsFinite(_last.Clip.Threshold) ? $", threshold {Figures.Number(_last.Clip.Threshold)}" : "";
        string clipped = _clipped.Count == 0 ? "" : $", {Figures.Share((double)_clipped.Count(changed => changed) / _clipped.Count)} of {Figures.Count(_clipped.Count)} steps clipped";
        return $"step {Figures.Count(_done)} of {Figures.Count(Math.Max(steps, _done))}, learning rate {Figures.Setting(_last.LearningRate)}{Left(elapsed)}\nnorm {Figures.Number(_last.Clip.NormBefore)}{threshold}{clipped}  {_norms}";
    }

    private string Left(TimeSpan elapsed)
    {
        long here = _done - before;
        if (here <= 0 || steps <= _done) return "";
        TimeSpan left = elapsed * ((double)(steps - _done) / here);
        return left.TotalHours >= 1 ? $", about {(int)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00} h left" : $", about {left.Minutes}:{left.Seconds:00} min left";
    }
}
