namespace MlnetClip.Reports.Training;

/// <summary>The spans of a trace as the coordinates of charts.</summary>
internal sealed class StepSeries
{
    // So many points of a share are enough: with one step each it would only jump between 0 and 1.
    private const int Shares = 100;

    public StepSeries(TrainingTrace trace)
    {
        Trace = trace;
        Steps = [.. trace.Spans.Select(span => span.FirstStep + ((span.Steps - 1) / 2.0))];
    }

    /// <summary>The trace.</summary>
    public TrainingTrace Trace { get; }

    /// <summary>The middle of each span.</summary>
    public double[] Steps { get; }

    /// <summary>Whether each point is one step.</summary>
    public bool IsExact => Trace.StepsPerSpan == 1;

    /// <summary>What a point of a chart is, as a sentence.</summary>
    public string PointText => IsExact
        ? "Each point is a training step."
        : $"Each point is {Words.Count(Trace.StepsPerSpan, "step")}: the line is their mean, the area reaches from the smallest to the largest.";

    /// <summary>A figure of each span.</summary>
    public double[] Of(Func<StepSpan, double> figure) => [.. Trace.Spans.Select(figure)];

    /// <summary>The share of finite steps that were clipped, over enough steps each that it is one.</summary>
    public (double[] Steps, double[] Shares, long StepsEach) ShareClipped()
    {
        int spansEach = Math.Max(1, (Trace.Spans.Count + Shares - 1) / Shares);
        if (spansEach * Trace.StepsPerSpan < 10) spansEach = (int)Math.Min(10, Trace.Spans.Count);
        StepSpan[][] groups = [.. Trace.Spans.Chunk(spansEach)];
        return (
            [.. groups.Select(group => group[0].FirstStep + ((group.Sum(span => span.Steps) - 1) / 2.0))],
            [.. groups.Select(group => (double)group.Sum(span => span.ClippedSteps) / group.Sum(span => span.FiniteSteps))],
            spansEach * Trace.StepsPerSpan);
    }
}
