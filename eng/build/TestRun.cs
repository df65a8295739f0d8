using System.Globalization;
using System.Xml.Linq;

namespace MlnetClip.Build;

/// <summary>Runs the built test programs one after the other and adds up their reports.</summary>
internal static class TestRun
{
    /// <summary>Returns 0 if all passed, 1 otherwise. The last line printed is "N passed, N failed, N skipped".</summary>
    /// <param name="configuration">The configuration they were built in.</param>
    /// <param name="arguments">Handed to every test program, for example a filter; programs without a match are then no failure.</param>
    public static int Run(string configuration, IReadOnlyList<string> arguments)
    {
        string results = Repository.At("artifacts", "test-results");
        if (Directory.Exists(results)) Directory.Delete(results, recursive: true);

        Counts sum = default;
        var summary = new List<string>();
        foreach (string project in Directory.EnumerateFiles(Repository.At("test"), "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string program = Path.Combine(Path.GetDirectoryName(project)!, "bin", configuration, "net10.0", $"{name}.dll");
            string report = Path.Combine(results, $"{name}.trx");
            Console.WriteLine();
            int exitCode = Dotnet.Run(["exec", program, "--report-trx", "--report-trx-filename", report, "--results-directory", results,
                .. arguments.Count > 0 ? ["--ignore-exit-code", "8"] : Array.Empty<string>(), .. arguments]);

            Counts counts = File.Exists(report) ? Read(XElement.Load(report)) : default;
            string line = $"{name}: {counts}";
            if (exitCode != 0 && counts.Failed == 0)
            {
                // Crashed, or ran no test at all: a failure that no report counts.
                counts = counts with { Failed = 1 };
                line = $"{name}: {counts} (the test program ended with exit code {exitCode})";
            }

            summary.Add(line);
            sum = new(sum.Passed + counts.Passed, sum.Failed + counts.Failed, sum.Skipped + counts.Skipped);
        }

        Console.WriteLine();
        summary.ForEach(Console.WriteLine);
        Console.WriteLine(sum);
        return sum.Failed == 0 && sum.Passed > 0 ? 0 : 1;
    }

    /// <summary>The counts of a report in the TRX format.</summary>
    internal static Counts Read(XElement report)
    {
        XElement counters = report.Descendants().First(e => e.Name.LocalName == "Counters");
        int passed = Of("passed"), failed = Of("failed") + Of("error") + Of("timeout") + Of("aborted");
        return new(passed, failed, Of("total") - passed - failed);

        int Of(string name) => int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
    }

    internal readonly record struct Counts(int Passed, int Failed, int Skipped)
    {
        public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
    }
}
