using System.Diagnostics;
using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

[TestClass]
public sealed class WindowDistancesTests
{
    [TestMethod]
    public void ItIsTheSumOverAllWindowsForEveryWindowAndEnd()
    {
        var random = new Random(5);
        var series = new Series([.. Enumerable.Range(0, 60).Select(i => i < 3 ? double.NaN : 100 + (3 * random.NextDouble()) + (i > 30 ? 1e4 : 0))]);
        for (int window = 2; window <= 62; window++)
            for (int end = 55; end <= 60; end++)
                Assert.AreEqual(Direct(series, end, window), Fast(series, end, window), 1e-12 * Direct(series, end, window), $"window {window}, end {end}");
    }

    [TestMethod]
    public void ALevelCostsNoDigits()
    {
        double[] wave = [.. Enumerable.Range(0, 5000).Select(i => Math.Round(1024 * Math.Sin(i * Math.PI / 6)) / 1024)];
        double plain = Fast(new Series([.. wave]), 5000, 104), raised = Fast(new Series([.. wave.Select(value => value + (1L << 40))]), 5000, 104);
        Assert.AreEqual(plain, raised, 1e-3 * plain);
        double raisedLess = Fast(new Series([.. wave.Select(value => value + (1L << 30))]), 5000, 104);
        Assert.AreEqual(plain, raisedLess, 1e-6 * plain);
    }

    [TestMethod]
    public void TimeDoesNotGrowWithTheWindow()
    {
        var series = new Series([.. Enumerable.Range(0, 1_000_000).Select(i => Math.Sin(i))]);
        Fast(series, 50_000, 10);
        TimeSpan narrow = Time(() => Fast(series, series.Length, 20)), wide = Time(() => Fast(series, series.Length, 20_000));
        Assert.IsLessThan(20 * narrow.TotalMilliseconds + 200, wide.TotalMilliseconds, $"{narrow} for a window of 20 rows, {wide} for 20,000");
    }

    [TestMethod]
    public void WindowsOfAFitAreFoundInTimeThatDoesNotGrowWithTheHorizon()
    {
        var series = new Series([.. Enumerable.Range(0, 1_000_000).Select(i => i % 1000 == 0 ? Math.Sin(i) : double.NaN)]);
        int Count(int horizon) => Windows.Of(series, new SeriesScaler(SeriesScaling.None, 0, 1), 10, horizon, 0, series.Length).Count;
        Count(5);
        TimeSpan near = Time(() => Count(10)), far = Time(() => Count(500_000));
        Assert.IsLessThan(20 * near.TotalMilliseconds + 200, far.TotalMilliseconds, $"{near} for a horizon of 10 rows, {far} for 500,000");
    }

    [TestMethod]
    public void ItCanBeCancelled()
    {
        var series = new Series([.. Enumerable.Range(0, 200_000).Select(i => Math.Sin(i))]);
        Assert.ThrowsExactly<OperationCanceledException>(() => WindowDistances.RootMeanSquareFromLast(series, series.Length, 1000, new CancellationToken(canceled: true)));
        Assert.ThrowsExactly<OperationCanceledException>(() => Deviations.Of(series, series.Length, 1000, new CancellationToken(canceled: true)));
    }

    private static double Fast(Series series, int end, int window) => WindowDistances.RootMeanSquareFromLast(series, end, window, CancellationToken.None);

    private static double Direct(Series series, int end, int window)
    {
        double sum = 0;
        long count = 0;
        for (int last = series.FirstObserved + window - 1; last < end; last++, count += window - 1)
            for (int back = 1; back < window; back++) sum += Math.Pow(series[last - back] - series[last], 2);
        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    /// <summary>Processor time of the work on this thread, the least of three: other processes do not count.</summary>
    private static TimeSpan Time(Action work) => Enumerable.Range(0, 3).Min(_ =>
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        work();
        return Process.GetCurrentProcess().TotalProcessorTime - before;
    });
}
