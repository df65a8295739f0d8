using System.Globalization;
using System.Text.Json;
using MlnetClip.Search.Samplers;
using MlnetClip.TestKit;

namespace MlnetClip.Benchmarks.Search;

/// <summary>
/// The search's table: what the study recommends beside an exhaustive grid, and beside searches of the whole range on the same budget.
/// A study of seed s trains its finalists with the seeds from s on, so that it shares seeds with the grid. The grid's best is
/// the luckiest of 24 on its seeds; fresh seeds, which nobody chose by, show what the choices are worth.
/// </summary>
internal static class SearchTable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly int[] FreshSeeds = [1001, 1002, 1003, 1004, 1005];

    private sealed record Line(string Method, int Seed, string Clipping, double Loss, double AboveGrid, double AboveGridFresh, double StepsOfGrid, string Verdict);

    private sealed record Figures(
        string Data, int Rows, int Window, int Horizon, int Epochs, long StepsAFit, string GridBest, double GridLoss, double NoneAboveGrid, IReadOnlyList<Line> Lines)
    {
        public double? OverheadShare { get; set; }

        public double? OverheadShareOfProcessor { get; set; }
    }

    public static void Run(SearchOptions options)
    {
        Console.WriteLine(Machine.Describe(null));
        List<ForecastTask> tasks = [ForecastTask.Read(Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv"), "co2", int.MaxValue, 52, 12, options.Epochs)];
        if (options.Data is { } path) tasks.Add(ForecastTask.Read(path, options.Value, options.Rows, options.Window, options.Horizon, options.Epochs));
        var figures = new List<Figures>();
        foreach (ForecastTask task in tasks)
        {
            Figures? table = options.Part == "overhead" ? null : Compare(task, options);
            if (options.Part != "table")
            {
                var (study, fits) = SearchOverhead.Measure(task, options.Trials);
                double overhead = (study.Seconds / fits.Seconds) - 1, processor = (study.ProcessorSeconds / fits.ProcessorSeconds) - 1;
                if (table is not null) (table.OverheadShare, table.OverheadShareOfProcessor) = (overhead, processor);
                Console.WriteLine(
                    $"{task.Name}: the study took {study.Seconds:F2} s, its fits alone {fits.Seconds:F2} s, overhead {overhead:P2}; "
                    + $"on the processor {study.ProcessorSeconds:F2} s and {fits.ProcessorSeconds:F2} s, overhead {processor:P2}");
            }

            if (table is not null) figures.Add(table);
        }

        if (options.Json is { } json) File.WriteAllText(json, JsonSerializer.Serialize(figures, Indented));
    }

    private static Figures Compare(ForecastTask task, SearchOptions options)
    {
        var fits = new Fits(task, options.Cache);
        long stepsAFit = SearchGrid.StepsAFit(task), gridSteps = stepsAFit * SearchGrid.Thresholds * SearchGrid.Seeds.Length;
        SearchGrid.Train(fits);
        GradientClipping winner = SearchGrid.Settings.MinBy(setting => fits.Mean(setting, SearchGrid.Seeds))!;
        double best = fits.Mean(winner, SearchGrid.Seeds), none = fits.Mean(GradientClipping.None, SearchGrid.Seeds);
        int within = SearchGrid.Settings.Count(setting => fits.Mean(setting, SearchGrid.Seeds) <= 1.01 * best);
        Console.WriteLine();
        Console.WriteLine($"{task.Name}: {task.Values.Length:N0} rows, window {task.Window}, horizon {task.Horizon}, {task.Epochs} epochs, {stepsAFit:N0} steps a fit");
        Console.WriteLine($"grid: best {winner} with mean loss {best:G5}, {within} of {SearchGrid.Thresholds} within 1%, without clipping {Signed((none / best) - 1)}; {gridSteps:N0} steps");
        Console.WriteLine($"{"search",-22} {"seed",5}  {"recommends",-16} {"loss",9} {"above grid",11} {"fresh seeds",12} {"steps of grid",14}  verdict");

        var searches = new Searches(task, fits, stepsAFit);
        int[] seeds = [.. Enumerable.Range(1, options.Studies)];
        var found = new Found[3, seeds.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, seeds.Length, parallel, i => found[0, i] = searches.Study(seeds[i], options.Trials));
        Parallel.For(0, seeds.Length, parallel, i =>
        {
            found[1, i] = searches.Blind(new RandomSampler(), seeds[i], found[0, i].Steps);
            found[2, i] = searches.Blind(new TpeSampler(), seeds[i], found[0, i].Steps);
        });
        Parallel.ForEach(
            from clipping in found.Cast<Found>().Select(one => one.Clipping).Append(winner).Append(GradientClipping.None) from seed in SearchGrid.Seeds.Concat(FreshSeeds) select (clipping, seed),
            parallel, fit => fits.Loss(fit.clipping, fit.seed));

        double fresh = fits.Mean(winner, FreshSeeds);
        var lines = new List<Line>();
        foreach (var (method, name) in new[] { "calibrated study", "random, 0.01 to 100", "tpe, 0.01 to 100" }.Index())
        {
            for (int i = 0; i < seeds.Length; i++)
            {
                Found one = found[method, i];
                double loss = fits.Mean(one.Clipping, SearchGrid.Seeds);
                lines.Add(new Line(
                    name, seeds[i], $"{one.Clipping}", loss, (loss / best) - 1, (fits.Mean(one.Clipping, FreshSeeds) / fresh) - 1, (double)one.Steps / gridSteps, one.Verdict));
                Print(lines[^1]);
            }

            Line[] rows = [.. lines.TakeLast(seeds.Length)];
            Console.WriteLine(
                $"{name,-22} {"mean",5}  {rows.Count(row => row.AboveGrid <= 0.01)} of {seeds.Length} within 1%{"",1} {rows.Average(row => row.Loss),9:G5} {Signed(rows.Average(row => row.AboveGrid)),11} "
                + $"{Signed(rows.Average(row => row.AboveGridFresh)),12} {rows.Average(row => row.StepsOfGrid),14:P1}");
        }

        Console.WriteLine($"{"no clipping",-22} {"",5}  {"none",-16} {none,9:G5} {Signed((none / best) - 1),11} {Signed((fits.Mean(GradientClipping.None, FreshSeeds) / fresh) - 1),12}");
        return new Figures(
            task.Name, task.Values.Length, task.Window, task.Horizon, task.Epochs, stepsAFit, $"{winner}", best, (none / best) - 1, lines);
    }

    // Rounded first, since a small loss would otherwise come out as a signed zero.
    private static string Signed(double share) => (Math.Round(share, 3) + 0.0).ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture);

    private static void Print(Line line) => Console.WriteLine(
        $"{line.Method,-22} {line.Seed,5}  {line.Clipping,-16} {line.Loss,9:G5} {Signed(line.AboveGrid),11} {Signed(line.AboveGridFresh),12} {line.StepsOfGrid,14:P1}  {line.Verdict}");
}
