using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>A span of consecutive steps while a fit runs.</summary>
internal struct TraceSpan
{
    public const int Bytes = (4 * sizeof(long)) + (5 * RunningRange.Bytes);

    private long _clipped, _refused;
    private RunningRange _loss, _before, _after, _threshold, _rate;

    public long Steps { get; private set; }

    public long Finite { get; private set; }

    public void Add(in StepReport report)
    {
        Steps++;
        _loss.Add(report.Loss);
        _rate.Add(report.LearningRate);
        _threshold.Add(report.Clip.Threshold);
        if (!report.Clip.IsFinite) return;
        Finite++;
        _before.Add(report.Clip.NormBefore);
        if (report.Clip.Changed) _clipped++;
        if (report.Clip.TakesStep) _after.Add(report.Clip.NormAfter);
        else _refused++;
    }

    public void Add(in TraceSpan next)
    {
        Steps += next.Steps;
        Finite += next.Finite;
        _clipped += next._clipped;
        _refused += next._refused;
        _loss.Add(next._loss);
        _before.Add(next._before);
        _after.Add(next._after);
        _threshold.Add(next._threshold);
        _rate.Add(next._rate);
    }

    /// <param name="first">The first step.</param>
    /// <param name="squares">Sums over the finite steps of the squares of the norms of the parts.</param>
    public readonly StepSpan At(long first, ReadOnlySpan<double> squares)
    {
        var norms = new double[squares.Length];
        for (int i = 0; i < norms.Length; i++) norms[i] = Math.Sqrt(squares[i] / Finite);
        return new StepSpan(first, Steps)
        {
            FiniteSteps = Finite, ClippedSteps = _clipped, RefusedSteps = _refused, Loss = _loss.Range, NormBefore = _before.Range, NormAfter = _after.Range,
            Threshold = _threshold.Range, LearningRate = _rate.Range, PartNorms = norms,
        };
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        writer.Write(Finite);
        writer.Write(_clipped);
        writer.Write(_refused);
        _loss.Write(writer);
        _before.Write(writer);
        _after.Write(writer);
        _threshold.Write(writer);
        _rate.Write(writer);
    }

    /// <param name="reader">The entry.</param>
    /// <param name="most">The most steps of a span.</param>
    public void Read(BinaryReader reader, long most)
    {
        Steps = reader.ReadInt64("the steps of a span", 1, most);
        Finite = reader.ReadInt64("the finite steps of a span", 0, Steps);
        _clipped = reader.ReadInt64("the clipped steps of a span", 0, Finite);
        _refused = reader.ReadInt64("the refused steps of a span", 0, Finite);
        _loss.Read(reader, "losses of a span", Steps);
        _before.Read(reader, "norms of a span", Finite);
        _after.Read(reader, "clipped norms of a span", Finite);
        _threshold.Read(reader, "thresholds of a span", Steps);
        _rate.Read(reader, "learning rates of a span", Steps);
    }
}
