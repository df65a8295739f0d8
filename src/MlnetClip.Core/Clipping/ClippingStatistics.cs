using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What clipping did over a fit, gathered step by step in bounded memory and without allocating.</summary>
public sealed class ClippingStatistics
{
    private const int EventLimit = 16;

    private readonly NormQuantiles _norms = new();
    private readonly List<NonFiniteEvent> _events = [];
    private double _reductions;
    private double _sharesLimitedInside;
    private long _clamped;
    private long _elements;
    private double[] _timeStepSums = [];
    private long _timeStepCount;

    internal ClippingStatistics()
    {
    }

    /// <summary>All steps, those that were skipped or rolled back among them.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps whose gradient was finite as the backward pass left it.</summary>
    public long FiniteSteps => _norms.Count;

    /// <summary>Steps whose gradient held a NaN or an infinity.</summary>
    public long NonFiniteSteps => Steps - FiniteSteps;

    /// <summary>Finite steps whose gradient a rule changed.</summary>
    public long ClippedSteps { get; private set; }

    /// <summary>Steps that the optimizer did not take: non-finite ones, and spikes that a rule refused.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Non-finite steps of which a part was applied, with the tensors concerned set to zero.</summary>
    public long ZeroedSteps { get; private set; }

    /// <summary>Times the fit went back to a snapshot.</summary>
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

    /// <summary>Median of the norm before clipping over finite steps; NaN when there was none. Sorts, so it is for the end of an epoch.</summary>
    public double NormMedian => _norms.At(0.5)[0];

    /// <summary>True while quantiles are exact: up to 65,536 steps. From then on they are within 0.35%.</summary>
    public bool QuantilesAreExact => _norms.IsExact;

    /// <summary>Mean over finite steps of the norm after by the norm before: what clipping did to the length of the steps.</summary>
    public double MeanReduction => FiniteSteps == 0 ? 1 : _reductions / FiniteSteps;

    /// <summary>The first 16 non-finite steps.</summary>
    public IReadOnlyList<NonFiniteEvent> FirstEvents => _events;

    /// <summary>Mean over the steps measured of the norm by time step, from the first to the last; empty where they were not asked for.</summary>
    public IReadOnlyList<double> TimeStepNorms => [.. _timeStepSums.Select(sum => sum / _timeStepCount)];

    /// <summary>Quantiles of the norm before clipping over finite steps.</summary>
    /// <param name="shares">Each from 0 to 1, increasing.</param>
    public double[] NormQuantiles(params ReadOnlySpan<double> shares) => _norms.At(shares);

    internal void Add(in ClipReport report)
    {
        Steps++;
        if (report.Outcome == StepOutcome.Skipped) SkippedSteps++;
        if (report.Outcome == StepOutcome.RolledBack) RollBacks++;
        if (report.Outcome == StepOutcome.ZeroedTensor) ZeroedSteps++;
        if (!report.IsFinite) return;
        _norms.Add(report.NormBefore);
        if (report.Changed) ClippedSteps++;
        _reductions += report.NormBefore > 0 ? report.NormAfter / report.NormBefore : 1;
        _sharesLimitedInside += report.ShareLimitedInside;
        _clamped += report.ElementsClamped;
        _elements += report.Elements;
    }

    /// <summary>Adds the norms by time step of a finite gradient.</summary>
    internal void AddTimeSteps(ReadOnlySpan<double> norms)
    {
        if (_timeStepSums.Length == 0) _timeStepSums = new double[norms.Length];
        for (int t = 0; t < norms.Length; t++) _timeStepSums[t] += norms[t];
        _timeStepCount++;
    }

    internal void Add(NonFiniteEvent occurrence)
    {
        if (_events.Count < EventLimit) _events.Add(occurrence);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        writer.Write(ClippedSteps);
        writer.Write(SkippedSteps);
        writer.Write(ZeroedSteps);
        writer.Write(RollBacks);
        writer.Write(_reductions);
        writer.Write(_clamped);
        writer.Write(_elements);
        _norms.Write(writer);
        writer.Write(_timeStepCount);
        writer.Write(_timeStepSums.Length);
        foreach (double sum in _timeStepSums) writer.Write(sum);
        writer.Write(_events.Count);
        foreach (NonFiniteEvent occurrence in _events) occurrence.Write(writer);
        writer.Write(_sharesLimitedInside);
    }

    internal void Read(BinaryReader reader, int format)
    {
        Steps = reader.ReadInt64();
        ClippedSteps = reader.ReadInt64();
        SkippedSteps = reader.ReadInt64();
        ZeroedSteps = reader.ReadInt64();
        RollBacks = reader.ReadInt64();
        _reductions = reader.ReadDouble();
        _clamped = reader.ReadInt64();
        _elements = reader.ReadInt64();
        _norms.Read(reader);
        _timeStepCount = reader.ReadInt64();
        int timeSteps = reader.ReadInt32();
        if (timeSteps is < 0 or > 10_000_000) throw new InvalidDataException($"Norms of {timeSteps} time steps.");
        _timeStepSums = new double[timeSteps];
        for (int t = 0; t < timeSteps; t++) _timeStepSums[t] = reader.ReadDouble();
        _events.Clear();
        int events = reader.ReadInt32();
        if (events is < 0 or > EventLimit) throw new InvalidDataException($"{events} non-finite events; at most {EventLimit} are kept.");
        for (; events > 0; events--) _events.Add(NonFiniteEvent.Read(reader));
        _sharesLimitedInside = format > 1 ? reader.ReadDouble() : 0;
    }
}
