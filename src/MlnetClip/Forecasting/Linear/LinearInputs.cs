using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// What the linear part reads of a window, from what the network reads of it, so that both see the same scaling: the last rows of every target and past
/// covariate, each target's level relative to its series' mean, the calendar at the window's end, the static covariates, and future covariates in the last rows and in the horizon.
/// </summary>
/// <param name="Rows">The number of last rows that are read, from 1 to the window's size.</param>
/// <param name="Means">The mean of each series and target over the training rows, [series][K].</param>
/// <param name="Pooled">The mean for a series that was not seen in training, [K].</param>
/// <param name="ReadsFuture">Whether future covariates are read; if not, they are left to the network.</param>
internal sealed record LinearInputs(int Rows, double[][] Means, double[] Pooled, bool ReadsFuture = false)
{
    /// <summary>Harmonics of each calendar feature: 1 is the sine and cosine that the network reads, the others give the period a shape.</summary>
    public const int Harmonics = 4;

    /// <summary>More inputs than this take too long to fit; fewer of the last rows are read instead.</summary>
    private const int Most = 512;

    /// <summary>More future covariates than this in the horizon, which only their own step reads, are left to the network.</summary>
    private const int MostFuture = 1024;

    /// <summary>The inputs for a window and the rows of training.</summary>
    public static LinearInputs Of(WindowLayout layout, SeriesTable table, IReadOnlyList<string> groups)
    {
        Dictionary<string, SeriesGroup> byName = table.Groups.ToDictionary(group => group.Name);
        double[][] means = [.. groups.Select(name => byName[name].Targets.Select(target => MeanOf(target, byName[name].Cut)).ToArray())];
        double[] pooled = [.. Enumerable.Range(0, layout.Targets).Select(k => means.Average(mean => mean[k]))];
        bool readsFuture = layout.Future > 0 && (long)layout.Future * layout.Horizon <= MostFuture;
        var one = new LinearInputs(1, means, pooled, readsFuture);
        int channels = layout.Targets + layout.Past + (readsFuture ? layout.Future : 0), others = one.StaticAt(layout) + layout.Static - layout.Targets - layout.Past;
        return one with { Rows = Math.Clamp((Most - others) / channels, 1, layout.WindowSize) };
    }

    /// <summary>The number of inputs.</summary>
    public int Count(WindowLayout layout) => HorizonAt(layout) + (ReadsFuture ? layout.Future * layout.Horizon : 0);

    /// <summary>Where the row of a target so many rows before the window's last one is.</summary>
    public int TargetAt(int k, int age) => (k * Rows) + Rows - 1 - age;

    /// <summary>Inputs that every forecast uses: the rows of the targets and the static covariates.</summary>
    public int[] Basic(WindowLayout layout) => [.. Enumerable.Range(0, layout.Targets * Rows), .. Enumerable.Range(StaticAt(layout), layout.Static)];

    /// <summary>The rows of the past covariates.</summary>
    public IEnumerable<int> Past(WindowLayout layout) => Enumerable.Range(layout.Targets * Rows, layout.Past * Rows);

    /// <summary>The levels of the targets.</summary>
    public IEnumerable<int> Level(WindowLayout layout) => Enumerable.Range(LevelAt(layout), layout.Targets);

    /// <summary>The calendar.</summary>
    public IEnumerable<int> Calendar(WindowLayout layout) => Enumerable.Range(CalendarAt(layout), layout.Calendar * Harmonics);

    /// <summary>The rows of the future covariates in the window.</summary>
    public IEnumerable<int> Future(WindowLayout layout) => Enumerable.Range(FutureAt(layout), HorizonAt(layout) - FutureAt(layout));

    /// <summary>The future covariates of a step of the horizon.</summary>
    public int[] FutureOf(WindowLayout layout, int step) => [.. Enumerable.Range(HorizonAt(layout) + (step * layout.Future), layout.Future)];

    /// <summary>Reads the inputs of a window.</summary>
    /// <param name="layout">The window.</param>
    /// <param name="series">The number of the window's series; negative for one that was not seen in training.</param>
    /// <param name="inputs">What the network reads; element (t, f) lies at <c>t * stride + f</c>.</param>
    /// <param name="stride">The distance of two time steps.</param>
    /// <param name="scales">What converts the values of each target, [K].</param>
    /// <param name="x">Receives the inputs.</param>
    public void Read(WindowLayout layout, int series, ReadOnlySpan<float> inputs, int stride, ReadOnlySpan<WindowScale> scales, Span<double> x)
    {
        int first = layout.WindowSize - Rows, last = layout.WindowSize - 1, next = 0;
        for (int f = 0; f < layout.Targets + layout.Past; f++)
            for (int t = first; t <= last; t++) x[next++] = inputs[(t * stride) + f];
        double[] means = series >= 0 && series < Means.Length ? Means[series] : Pooled;
        for (int k = 0; k < layout.Targets; k++) x[next++] = (scales[k].Origin - means[k]) / scales[k].Scale;
        int calendar = layout.Targets + layout.Past + layout.Future;
        for (int i = 0; i < layout.Calendar; i += 2)
        {
            double phase = Math.Atan2(inputs[(last * stride) + calendar + i], inputs[(last * stride) + calendar + i + 1]);
            for (int harmonic = 1; harmonic <= Harmonics; harmonic++)
            {
                (x[next], x[next + 1]) = Math.SinCos(harmonic * phase);
                next += 2;
            }
        }

        for (int i = 0; i < layout.Static; i++) x[next++] = inputs[calendar + layout.Calendar + i];
        if (!ReadsFuture) return;
        int future = layout.Targets + layout.Past;
        for (int i = 0; i < layout.Future; i++)
            for (int t = first; t <= last; t++) x[next++] = inputs[(t * stride) + future + i];
        for (int t = layout.WindowSize; t < layout.TimeSteps; t++)
            for (int i = 0; i < layout.Future; i++) x[next++] = inputs[(t * stride) + future + i];
    }

    private int LevelAt(WindowLayout layout) => (layout.Targets + layout.Past) * Rows;

    private int CalendarAt(WindowLayout layout) => LevelAt(layout) + layout.Targets;

    private int StaticAt(WindowLayout layout) => CalendarAt(layout) + (layout.Calendar * Harmonics);

    private int FutureAt(WindowLayout layout) => StaticAt(layout) + layout.Static;

    private int HorizonAt(WindowLayout layout) => FutureAt(layout) + (ReadsFuture ? layout.Future * Rows : 0);

    private static double MeanOf(Series series, int end)
    {
        Moments moments = default;
        for (int row = series.FirstObserved; row < end; row++)
            if (series.IsObserved(row)) moments = moments.Add(series[row]);
        return moments.Count == 0 ? 0 : moments.Mean;
    }
}
