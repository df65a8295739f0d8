namespace MlnetClip.Data;

/// <summary>
/// The windows of a series with the following values as targets, cut and scaled when a batch needs them.
/// A window that ends at row t (its origin) has the rows t - T + 1 to t as input and t + 1 to t + horizon as targets.
/// Missing targets, and those outside the rows given for targets, have weight 0.
/// </summary>
internal sealed class WindowBatchSource : ISequenceSource
{
    private readonly Series _series;
    private readonly SeriesScaler _scaler;
    private readonly int _end;
    private readonly int[] _origins;

    /// <summary>Finds the origins that have a full window after the first observation, a last observation that is not too old, and at least one target.</summary>
    /// <param name="series">The series.</param>
    /// <param name="scaler">The scaling of windows and targets.</param>
    /// <param name="windowSize">T.</param>
    /// <param name="horizon">O: targets per window.</param>
    /// <param name="firstTarget">The first row that may be a target.</param>
    /// <param name="end">The row after the last that may be a target.</param>
    /// <param name="maximumGap">The largest age of a window's last observation, in rows; 0 or more.</param>
    public WindowBatchSource(Series series, SeriesScaler scaler, int windowSize, int horizon, int firstTarget, int end, int maximumGap = int.MaxValue)
    {
        (_series, _scaler, _end) = (series, scaler, end);
        Shape = new BatchShape(windowSize, Features: 1, Targets: horizon);
        _origins = [.. Origins(Math.Max(firstTarget - 1, series.FirstObserved + windowSize - 1), maximumGap)];
    }

    /// <summary>Number of windows; 0 where no row has both a window and a target.</summary>
    public int Count => _origins.Length;

    /// <summary>Windows of one feature, the series itself, with the horizon as targets.</summary>
    public BatchShape Shape { get; }

    private int TimeSteps => Shape.TimeSteps;

    private int Outputs => Shape.Targets;

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        batch.Resize(indices.Length);
        Span<float> inputs = batch.Inputs, targets = batch.Targets, weights = batch.Weights;
        for (int b = 0; b < indices.Length; b++)
        {
            int origin = _origins[indices[b]];
            double zero = _scaler.ToNetwork(_series.Filled(origin - TimeSteps + 1, TimeSteps), inputs[b..], stride: indices.Length);
            for (int k = 0; k < Outputs; k++)
            {
                int row = origin + 1 + k;
                bool known = row < _end && _series.IsObserved(row) && !_scaler.IsExtreme(_series[row], zero);
                targets[(b * Outputs) + k] = known ? _scaler.ToNetwork(_series[row], zero) : 0f;
                weights[(b * Outputs) + k] = known ? 1f : 0f;
            }
        }
    }

    /// <summary>The origins in order. Each row is looked at once, whatever the window and the horizon.</summary>
    private IEnumerable<int> Origins(int first, int maximumGap)
    {
        int last = Math.Min(first, _end - 1); // the last observation up to the origin
        while (last > 0 && !_series.IsObserved(last)) last--;
        int next = first + 1; // the first observation after the origin
        for (int origin = first; origin < _end - 1; origin++)
        {
            if (_series.IsObserved(origin)) last = origin;
            next = Math.Max(next, origin + 1);
            while (next < _end && !_series.IsObserved(next)) next++;
            if (next < _end && next - origin <= Outputs && origin - last <= maximumGap) yield return origin;
        }
    }
}
