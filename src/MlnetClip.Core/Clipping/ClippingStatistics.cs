using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>Statistics of clipping over a fit, gathered step by step in bounded memory and without allocating.</summary>
internal sealed class ClippingStatistics
{
    private const double SameNorm = 1e-9; // norms are in double: a gradient that was only multiplied agrees far more closely than this

    private readonly NormQuantiles _norms = new();
    private double _reductions;
    private double _sharesLimitedInside;
    private long _clamped;
    private long _elements;
    private double _normsAfter;
    private long _finiteTaken;

    /// <summary>All steps, including those that were skipped or rolled back.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps whose gradient was finite after the backward pass.</summary>
    public long FiniteSteps => _norms.Count;

    /// <summary>Steps whose gradient held a NaN or an infinity.</summary>
    public long NonFiniteSteps => Steps - FiniteSteps;

    /// <summary>Finite steps whose gradient a rule changed.</summary>
    public long ClippedSteps { get; private set; }

    /// <summary>Steps without an update: non-finite ones, and spikes that a rule skipped.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Non-finite steps that were taken with the affected gradients set to zero.</summary>
    public long ZeroedSteps { get; private set; }

    /// <summary>The number of roll-backs to a snapshot.</summary>
    public long RollBacks { get; private set; }

    /// <summary>The share of finite steps whose gradient was changed; 0 when there was none.</summary>
    public double ShareClipped => FiniteSteps == 0 ? 0 : (double)ClippedSteps / FiniteSteps;

    /// <summary>The share of all elements of finite steps that a clamp changed.</summary>
    public double ShareOfElementsClamped => _elements == 0 ? 0 : (double)_clamped / _elements;

    /// <summary>Mean over finite steps of <see cref="ClipReport.ShareLimitedInside"/>.</summary>
    public double ShareLimitedInside => FiniteSteps == 0 ? 0 : _sharesLimitedInside / FiniteSteps;

    /// <summary>The largest norm before clipping of a finite step; 0 when there was none.</summary>
    public double NormMax => _norms.Largest;

    /// <summary>Mean of the norm before clipping over finite steps; NaN when there was none.</summary>
    public double NormMean => _norms.Sum / FiniteSteps;

    /// <summary>Median of the norm before clipping over finite steps; NaN when there was none. It sorts, so use it at the end of an epoch, not at every step.</summary>
    public double NormMedian => _norms.At(0.5)[0];

    /// <summary>True while quantiles are exact, which is up to 65,536 steps. After that they are within 0.35%.</summary>
    public bool QuantilesAreExact => _norms.IsExact;

    /// <summary>Clipped steps whose gradient was only multiplied by one factor, so that its direction was kept.</summary>
    public long RescaledSteps { get; private set; }

    /// <summary>The number of elements of the gradient.</summary>
    public long Elements { get; private set; }

    /// <summary>Mean of the norm after clipping over the finite steps with an update; NaN when there was none.</summary>
    public double NormMeanAfter => _normsAfter / _finiteTaken;

    /// <summary>Mean over finite steps of the ratio of clipped to unclipped norm.</summary>
    public double MeanReduction => FiniteSteps == 0 ? 1 : _reductions / FiniteSteps;

    /// <summary>Quantiles of the norm before clipping over finite steps.</summary>
    /// <param name="shares">The quantile levels, each from 0 to 1, increasing.</param>
    public double[] NormQuantiles(params ReadOnlySpan<double> shares) => _norms.At(shares);

    /// <summary>A histogram of the norm before clipping over finite steps.</summary>
    public NormHistogram NormHistogram(int bins) => _norms.Histogram(bins);

    /// <summary>Adds a step.</summary>
    public void Add(in ClipReport report)
    {
        Steps++;
        Elements = report.Elements;
        if (report.Outcome == StepOutcome.Skipped) SkippedSteps++;
        if (report.Outcome == StepOutcome.RolledBack) RollBacks++;
        if (report.Outcome == StepOutcome.ZeroedTensor) ZeroedSteps++;
        if (!report.IsFinite) return;
        _norms.Add(report.NormBefore);
        if (report.Changed) ClippedSteps++;
        if (report.Changed && Math.Abs((report.Scale * report.NormBefore) - report.NormAfter) <= SameNorm * report.NormAfter) RescaledSteps++;
        if (report.TakesStep)
        {
            _normsAfter += report.NormAfter;
            _finiteTaken++;
        }

        _reductions += report.NormBefore > 0 ? report.NormAfter / report.NormBefore : 1;
        _sharesLimitedInside += report.ShareLimitedInside;
        _clamped += report.ElementsClamped;
        _elements += report.Elements;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        writer.Write(ClippedSteps);
        writer.Write(RescaledSteps);
        writer.Write(SkippedSteps);
        writer.Write(ZeroedSteps);
        writer.Write(RollBacks);
        writer.Write(Elements);
        writer.Write(_reductions);
        writer.Write(_normsAfter);
        writer.Write(_finiteTaken);
        writer.Write(_clamped);
        writer.Write(_elements);
        writer.Write(_sharesLimitedInside);
        _norms.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        Steps = reader.ReadInt64("the steps");
        ClippedSteps = reader.ReadInt64("the clipped steps", 0, Steps);
        RescaledSteps = reader.ReadInt64("the rescaled steps", 0, ClippedSteps);
        SkippedSteps = reader.ReadInt64("the skipped steps", 0, Steps);
        ZeroedSteps = reader.ReadInt64("the zeroed steps", 0, Steps);
        RollBacks = reader.ReadInt64("the steps rolled back", 0, Steps);
        Elements = reader.ReadInt64("the elements of the gradient");
        _reductions = reader.ReadFinite("the sum of reductions", 0);
        _normsAfter = reader.ReadFinite("the sum of norms after clipping", 0);
        _finiteTaken = reader.ReadInt64("the finite steps taken", 0, Steps);
        _clamped = reader.ReadInt64("the elements clamped");
        _elements = reader.ReadInt64("the elements of all steps", _clamped);
        _sharesLimitedInside = reader.ReadFinite("the sum of shares limited inside the backward pass", 0);
        _norms.Read(reader);
        if (FiniteSteps > Steps) throw FieldReader.Wrong("the number of finite steps", $"must be at most the {Steps} steps", $"{FiniteSteps}");
        if (ClippedSteps > FiniteSteps || _finiteTaken > FiniteSteps)
            throw FieldReader.Wrong("the clipped steps, and the finite steps taken,", $"must be at most the {FiniteSteps} finite steps", $"{ClippedSteps} and {_finiteTaken}");
        if (ZeroedSteps + RollBacks > NonFiniteSteps)
            throw FieldReader.Wrong("the steps zeroed or rolled back", $"must be at most the {NonFiniteSteps} non-finite steps", $"{ZeroedSteps + RollBacks}");
    }
}
