using System.Diagnostics;
using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlnetClip.TestKit;

/// <summary>
/// Reads many damaged files, and fails when one ends in another exception than it may, takes over a second, or allocates far more than its
/// bytes justify.
/// </summary>
/// <remarks>
/// The environment variable <c>MLNETCLIP_MUTATIONS</c> sets how many files all such tests of the repository read together; 5,000 by default.
/// </remarks>
public static class MutationRun
{
    private const int Usual = 5_000;
    private const double LongestSeconds = 1;
    private const long MostBytes = 100 << 20;

    /// <summary>Bytes that may be allocated for each byte of a file, beside the fixed amount.</summary>
    private const int BytesPerByte = 50;

    /// <summary>A test's number of files: its share of them all.</summary>
    public static int Count(double share)
    {
        string? given = Environment.GetEnvironmentVariable("MLNETCLIP_MUTATIONS");
        return (int)Math.Ceiling(share * (given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Usual));
    }

    /// <summary>Reads the files and prints what became of them.</summary>
    /// <param name="what">What they are, for the summary.</param>
    /// <param name="count">How many.</param>
    /// <param name="next">Makes the next file.</param>
    /// <param name="use">Reads a file and uses what was read; false for a file that was refused. What it throws is a failure.</param>
    public static void Check(string what, int count, Func<byte[]> next, Func<byte[], bool> use)
    {
        var failures = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int accepted = 0;
        double slowest = 0;
        long most = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] file = next();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                double seconds = Seconds(() => accepted += use(file) ? 1 : 0);
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

                if (i == 0) continue; // what the first use alone costs, once in a process, is not measured

                // A busy machine makes everything slow at times, but not the same file four times.
                for (int again = 0; seconds > LongestSeconds && again < 3; again++) seconds = Math.Min(seconds, Seconds(() => use(file)));
                if (seconds > LongestSeconds) Fail($"a file took {seconds:F1} s");
                if (bytes > MostBytes + (BytesPerByte * file.LongLength)) Fail($"a file of {file.Length} bytes allocated {bytes >> 20} MiB");
                slowest = Math.Max(slowest, seconds);
                most = Math.Max(most, bytes);
            }
            catch (Exception e)
            {
                string[] frames = e.StackTrace?.Split('\n', StringSplitOptions.TrimEntries) ?? [];
                Fail($"{e.GetType().Name}: {e.Message} {frames.FirstOrDefault(frame => frame.Contains("MlnetClip", StringComparison.Ordinal)) ?? frames.FirstOrDefault()}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {count} damaged, {count - accepted - failures.Values.Sum()} refused, {accepted} read; slowest {1000 * slowest:F0} ms, most allocated {most / 1048576.0:F1} MiB"));
        if (failures.Count > 0)
            Assert.Fail($"{failures.Values.Sum()} of {count} went wrong:\n{string.Join('\n', failures.OrderByDescending(f => f.Value).Take(30).Select(f => $"{f.Value} x {f.Key}"))}");

        void Fail(string how) => failures[how] = failures.GetValueOrDefault(how) + 1;
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }
}
