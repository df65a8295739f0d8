using System.Diagnostics;

namespace MlnetClip.Benchmarks.Peers;

/// <summary>Repeats a piece of work.</summary>
internal static class Timed
{
    /// <summary>The median time of a call in seconds, after a fifth of the time to warm up.</summary>
    public static double Median(double seconds, Action<int> work)
    {
        var clock = Stopwatch.StartNew();
        int call = 0;
        while (clock.Elapsed.TotalSeconds < seconds / 5 || call < 3) work(call++);
        var times = new List<double>();
        clock.Restart();
        while (clock.Elapsed.TotalSeconds < seconds || times.Count < 5)
        {
            long start = Stopwatch.GetTimestamp();
            work(call++);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
