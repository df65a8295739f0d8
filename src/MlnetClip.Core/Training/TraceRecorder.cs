using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>Records the trace of a fit step by step, in bounded memory and without allocating.</summary>
internal sealed class TraceRecorder(TraceParts parts)
{
    private readonly TraceSpan[] _spans = new TraceSpan[TrainingTrace.MostSpans];
    private readonly double[] _squares = new double[TrainingTrace.MostSpans * parts.Names.Count]; // [span, part], sums over finite steps
    private int _count;
    private long _stepsPerSpan = 1;

    /// <summary>The number of steps.</summary>
    public long Steps { get; private set; }

    private int Parts => parts.Names.Count;

    /// <summary>Adds a step, while its gradient is the last one.</summary>
    public void Add(in StepReport report)
    {
        if (_count == 0 || _spans[_count - 1].Steps == _stepsPerSpan) Open();
        _spans[_count - 1].Add(report);
        if (report.Clip.IsFinite) parts.AddSquares(SquaresOf(_count - 1));
        Steps++;
    }

    /// <summary>The trace so far.</summary>
    /// <param name="norms">The histogram of the norms.</param>
    public TrainingTrace ToTrace(NormHistogram norms)
    {
        var spans = new StepSpan[_count];
        long first = 0;
        for (int i = 0; i < _count; i++)
        {
            spans[i] = _spans[i].At(first, SquaresOf(i));
            first += spans[i].Steps;
        }

        return new TrainingTrace(spans, parts.Names, norms);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Steps);
        writer.Write(_stepsPerSpan);
        writer.Write(_count);
        writer.Write(Parts);
        for (int i = 0; i < _count; i++)
        {
            _spans[i].Write(writer);
            foreach (double square in SquaresOf(i)) writer.Write(square);
        }
    }

    public void Read(BinaryReader reader)
    {
        Steps = reader.ReadInt64("the steps of the trace");
        _stepsPerSpan = reader.ReadInt64("the steps of a span", 1, Math.Max(1, Steps));
        int count = reader.ReadCount("the number of spans", TraceSpan.Bytes, TrainingTrace.MostSpans);
        reader.ReadInt32("the number of parts of the gradient", Parts, Parts);
        Array.Clear(_spans);
        Array.Clear(_squares);
        long steps = 0;
        for (_count = 0; _count < count; _count++)
        {
            _spans[_count].Read(reader, _stepsPerSpan);
            steps += _spans[_count].Steps;
            foreach (ref double square in SquaresOf(_count)) square = reader.ReadFinite("the square of a norm", 0);
            if (_count < count - 1 && _spans[_count].Steps != _stepsPerSpan)
                throw FieldReader.Wrong("the steps of a span", $"must be {_stepsPerSpan} except in the last one", $"{_spans[_count].Steps}");
        }

        if (steps != Steps) throw FieldReader.Wrong("the steps of the trace", $"must be the {steps} of its spans", $"{Steps}");
    }

    private Span<double> SquaresOf(int span) => _squares.AsSpan(span * Parts, Parts);

    private void Open()
    {
        if (_count == _spans.Length) MergePairs();
        _spans[_count] = default;
        SquaresOf(_count).Clear();
        _count++;
    }

    private void MergePairs()
    {
        for (int i = 0; i < _count / 2; i++)
        {
            TraceSpan merged = _spans[2 * i];
            merged.Add(_spans[(2 * i) + 1]);
            _spans[i] = merged;
            for (int part = 0; part < Parts; part++)
                _squares[(i * Parts) + part] = _squares[(2 * i * Parts) + part] + _squares[(((2 * i) + 1) * Parts) + part];
        }

        _count /= 2;
        _stepsPerSpan *= 2;
    }
}
