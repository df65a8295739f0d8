using MlnetClip.Forecasting;

namespace MlnetClip.Data;

/// <summary>
/// The windows of one or several series with the following values as targets, cut and scaled when a batch needs them.
/// A window that ends at row t (its origin) has the rows t - T + 1 to t as input and t + 1 to t + horizon as targets.
/// Missing targets, and those outside the rows given for targets, have weight 0.
/// </summary>
internal sealed class WindowBatchSource : ISequenceSource
{
    private readonly IReadOnlyList<SeriesGroup> _groups;
    private readonly int[] _numbers, _ends;
    private readonly int[] _origins;
    private readonly int[] _firstWindows; // of each series, and one past the last
    private readonly double[] _window;
    private readonly WindowScale[] _scales, _steps;
    private double[] _scratch;

    /// <summary>Finds the origins that have a full window after the first observation, a last observation that is not too old, and at least one target.</summary>
    /// <param name="groups">The series.</param>
    /// <param name="encoder">The window and the scaling.</param>
    /// <param name="rows">The first row of each series that may be a target, and the row after the last one.</param>
    /// <param name="maximumGap">The largest age of a window's last observation, in rows; 0 or more.</param>
    public WindowBatchSource(IReadOnlyList<SeriesGroup> groups, WindowEncoder encoder, Func<SeriesGroup, (int First, int End)> rows, int maximumGap = int.MaxValue)
    {
        (_groups, Encoder) = (groups, encoder);
        WindowLayout layout = encoder.Layout;
        Shape = new BatchShape(
            layout.TimeSteps, layout.Features, layout.ReadsHorizon ? layout.Targets : layout.Horizon * layout.Targets, EveryStep: layout.ReadsHorizon);
        _window = new double[layout.Length];
        _scales = new WindowScale[layout.Targets];
        _steps = new WindowScale[layout.Horizon * layout.Targets];
        _scratch = new double[encoder.ScratchLength];
        var names = new GroupNames(encoder.Groups);
        int known = encoder.Groups.Count;
        _numbers = [.. groups.Select(group => names.NumberOf(group.Name) is var number && number < known ? number : -1)];
        _ends = new int[groups.Count];
        _firstWindows = new int[groups.Count + 1];
        var origins = new List<int>(groups.Sum(group => Math.Max(0, rows(group).End - rows(group).First))); // about as many as there will be
        for (int g = 0; g < groups.Count; g++)
        {
            (int first, _ends[g]) = rows(groups[g]);
            foreach (int origin in Origins(groups[g], Math.Max(first - 1, groups[g].FirstObserved + layout.History - 1), _ends[g], maximumGap)) origins.Add(origin);
            _firstWindows[g + 1] = origins.Count;
        }

        _origins = [.. origins];
    }

    /// <summary>The scaling.</summary>
    public WindowEncoder Encoder { get; private set; }

    /// <summary>Number of windows; 0 where no row has both a window and a target.</summary>
    public int Count => _origins.Length;

    /// <summary>Of every series, one window in so many as the horizon has rows, and the first: about as many as have no target in common. Windows of different series have none.</summary>
    public int CountApart()
    {
        int apart = 0, horizon = Encoder.Layout.Horizon;
        for (int g = 0; g < _groups.Count; g++) apart += (_firstWindows[g + 1] - _firstWindows[g] + horizon - 1) / horizon;
        return apart;
    }

    /// <summary>The sizes of the windows.</summary>
    public BatchShape Shape { get; }

    /// <summary>The series and the row of a window's origin.</summary>
    public (int Group, int Origin) this[int window]
    {
        get
        {
            int group = Array.BinarySearch(_firstWindows, window);
            if (group < 0) return (~group - 1, _origins[window]);
            while (_firstWindows[group + 1] == window) group++; // series without windows
            return (group, _origins[window]);
        }
    }

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        batch.Resize(indices.Length);
        WindowLayout layout = Encoder.Layout;
        int F = layout.Features, K = layout.Targets, B = indices.Length;
        Span<float> inputs = batch.Inputs, targets = batch.Targets, weights = batch.Weights;
        if (layout.ReadsHorizon)
        {
            targets.Clear();
            weights.Clear();
        }

        for (int b = 0; b < B; b++)
        {
            CutWindow(indices[b], _window);
            Encoder.Encode(_window, inputs[(b * F)..], B * F, _scales);
            Encoder.Scales(_window, inputs[(b * F)..], B * F, _scales, _steps, _scratch);
            for (int h = 0; h < layout.Horizon; h++)
            {
                int at = layout.ReadsHorizon ? (((layout.WindowSize + h) * B) + b) * K : ((b * layout.Horizon) + h) * K;
                for (int k = 0; k < K; k++)
                {
                    float? value = TargetOf(indices[b], h, k, _window, _scales[k], _steps[(h * K) + k]);
                    targets[at + k] = value ?? 0f;
                    weights[at + k] = value is null ? 0f : 1f;
                }
            }
        }
    }

    /// <summary>Writes the vector of a window.</summary>
    public void CutWindow(int index, Span<double> window)
    {
        (int group, int origin) = this[index];
        _groups[group].CutWindow(Encoder.Layout, _numbers[group], origin, window);
    }

    /// <summary>The value in the data's unit of a target of a window; NaN where it is missing or outside the rows given for targets.</summary>
    public double ActualOf(int index, int step, int target)
    {
        (int group, int origin) = this[index];
        int row = origin + 1 + step;
        Series series = _groups[group].Targets[target];
        return row < _ends[group] && series.IsObserved(row) ? series[row] : double.NaN;
    }

    /// <summary>Makes the targets relative to a linear forecast, or to none.</summary>
    public void Use(LinearForecast? linear)
    {
        Encoder = Encoder.With(linear);
        _scratch = new double[Encoder.ScratchLength];
    }

    /// <summary>The rows from a window's origin to the end of the rows for targets.</summary>
    public int RowsToEnd(int index)
    {
        (int group, int origin) = this[index];
        return _ends[group] - origin;
    }

    /// <summary>A target in the unit of the network; null where it is missing, outside the rows given for targets, or extreme.</summary>
    /// <param name="index">The window.</param>
    /// <param name="step">The step of the horizon.</param>
    /// <param name="target">The target.</param>
    /// <param name="window">The window's vector.</param>
    /// <param name="scale">What converts the window's values of the target.</param>
    /// <param name="at">What converts its value at the step.</param>
    public float? TargetOf(int index, int step, int target, ReadOnlySpan<double> window, WindowScale scale, WindowScale at)
    {
        double actual = ActualOf(index, step, target);
        if (double.IsNaN(actual) || Encoder.ScalersOf(window)[target].IsExtreme(actual, scale.Origin)) return null;
        return at.ToNetwork(actual);
    }

    /// <summary>The origins in order. Each row is looked at once, whatever the window and the horizon.</summary>
    private IEnumerable<int> Origins(SeriesGroup group, int first, int end, int maximumGap)
    {
        int horizon = Encoder.Layout.Horizon;
        var last = new int[group.Targets.Length]; // the last observation of each target up to the origin
        for (int k = 0; k < last.Length; k++)
        {
            last[k] = Math.Min(first, end - 1);
            while (last[k] > 0 && !group.Targets[k].IsObserved(last[k])) last[k]--;
        }

        int next = first + 1; // the first row after the origin with an observation of any target
        for (int origin = first; origin < end - 1; origin++)
        {
            int oldest = origin;
            for (int k = 0; k < last.Length; k++)
            {
                if (group.Targets[k].IsObserved(origin)) last[k] = origin;
                oldest = Math.Min(oldest, last[k]);
            }

            next = Math.Max(next, origin + 1);
            while (next < end && !group.IsAnyObserved(next)) next++;
            if (next < end && next - origin <= horizon && origin - oldest <= maximumGap) yield return origin;
        }
    }
}
