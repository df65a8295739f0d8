using System.Globalization;
using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Benchmarks.Search;

/// <summary>
/// The search's table: what the study recommends beside an exhaustive grid, and beside searches of the whole range on the same budget.
/// A study of seed s tries its finalists with the seeds s to s + 4, and the grid that it is held against trains every threshold with
/// the same five, so that both choose by the same luck. A grid's best is the luckiest of 24 all the same; fresh seeds, which nobody
/// chose by, show what the choices are worth.
/// </summary>
internal static class SearchTable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly int[] FreshSeeds = [1001, 1002, 1003, 1004, 1005];

    private sealed record Line(
        string Method, int Seed, string Clipping, double Loss, string GridBest, double AboveGrid, double AboveFirstGrid, double AboveGridFresh, double StepsOfGrid, string Verdict);

    private sealed record Figures(
        string Data, int Rows, int Window, int Horizon, int Epochs, string Setup, long StepsAFit, double NoneAboveGrid, IReadOnlyList<Line> Lines)
    {
        public double? OverheadShare { get; set; }

        public double? OverheadShareOfProcessor { get; set; }
    }

    public static void Run(SearchOptions options)
    {
        Console.WriteLine(Machine.Describe());
        List<ForecastTask> tasks = [ForecastTask.Read(Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv"), "co2", int.MaxValue, 52, 12, options)];
        if (options.Data is { } path) tasks.Add(ForecastTask.Read(path, options.Value, options.Rows, options.Window, options.Horizon, options));
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
        long stepsAFit = SearchGrid.StepsAFit(task), gridSteps = stepsAFit * SearchGrid.Thresholds * SearchGrid.SeedsOfOne;
        SearchGrid.Train(fits, options.Studies);
        int[] studies = [.. Enumerable.Range(1, options.Studies)];
        var grids = studies.ToDictionary(seed => seed, seed => SearchGrid.Best(fits, SearchGrid.SeedsFrom(seed)));
        Console.WriteLine();
        Console.WriteLine($"{task.Name}: {task.Values.Length:N0} rows, window {task.Window}, horizon {task.Horizon}, {task.Epochs} epochs, {task.Setup}, {stepsAFit:N0} steps a fit");
        Console.WriteLine($"a grid is {SearchGrid.Thresholds} thresholds x {SearchGrid.SeedsOfOne} seeds, {gridSteps:N0} steps; its best on seeds 1 to 5 is {grids[1]}, "
            + $"and {SearchGrid.Settings.Count(setting => Above(fits, setting, grids[1], SearchGrid.SeedsFrom(1)) <= 0.01)} are within 1% of it");
        Console.WriteLine($"{"search",-20} {"seed",4}  {"recommends",-15} {"grid's best",-14} {"own seeds",10} {"seeds 1-5",10} {"fresh",7} {"steps",7}  verdict");

        var searches = new Searches(task, fits, stepsAFit);
        var found = new Found[3, studies.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, studies.Length, parallel, i => found[0, i] = searches.Study(studies[i], options.Trials));
        Parallel.For(0, studies.Length, parallel, i =>
        {
            found[1, i] = searches.Blind(new RandomSampler(), studies[i], found[0, i].Steps);
            found[2, i] = searches.Blind(new TpeSampler(), studies[i], found[0, i].Steps);
        });
        Parallel.ForEach(
            from clipping in found.Cast<Found>().Select(one => one.Clipping).Concat(grids.Values).Append(GradientClipping.None).DistinctBy(clipping => $"{clipping}")
            from seed in Enumerable.Range(1, options.Studies + SearchGrid.SeedsOfOne - 1).Concat(FreshSeeds) select (clipping, seed),
            parallel, fit => fits.Loss(fit.clipping, fit.seed));

        var lines = new List<Line>();
        foreach (var (method, name) in new[] { "calibrated study", "random, 0.01 to 100", "tpe, 0.01 to 100", "no clipping" }.Index())
        {
            foreach (int seed in studies)
            {
                Found one = method < 3 ? found[method, seed - 1] : new Found(GradientClipping.None, 0);
                int[] own = SearchGrid.SeedsFrom(seed);
                lines.Add(new Line(
                    name, seed, $"{one.Clipping}", fits.Mean(one.Clipping, own), $"{grids[seed]}", Above(fits, one.Clipping, grids[seed], own),
                    Above(fits, one.Clipping, grids[1], SearchGrid.SeedsFrom(1)), Above(fits, one.Clipping, grids[seed], FreshSeeds), (double)one.Steps / gridSteps, one.Verdict));
                if (method < 3) Print(lines[^1]);
            }

            PrintMean(lines.TakeLast(studies.Length).ToArray());
        }

        return new Figures(
            task.Name, task.Values.Length, task.Window, task.Horizon, task.Epochs, task.Setup, stepsAFit, lines.TakeLast(studies.Length).Average(line => line.AboveGrid), lines);
    }

    private static double Above(Fits fits, GradientClipping clipping, GradientClipping grid, int[] seeds) => (fits.Mean(clipping, seeds) / fits.Mean(grid, seeds)) - 1;

    // Rounded first, since a small loss would otherwise come out as a signed zero.
    private static string Signed(double share) => (Math.Round(share, 3) + 0.0).ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture);

    private static void Print(Line line) => Console.WriteLine(
        $"{line.Method,-20} {line.Seed,4}  {line.Clipping,-15} {line.GridBest,-14} {Signed(line.AboveGrid),10} {Signed(line.AboveFirstGrid),10} {Signed(line.AboveGridFresh),7} "
        + $"{line.StepsOfGrid,7:P1}  {line.Verdict}");

    private static void PrintMean(Line[] lines) => Console.WriteLine(
        $"{lines[0].Method,-20} {"mean",4}  {$"{lines.Count(line => line.AboveGrid <= 0.01)} of {lines.Length} within 1%",-30} {Signed(lines.Average(line => line.AboveGrid)),10} "
        + $"{Signed(lines.Average(line => line.AboveFirstGrid)),10} {Signed(lines.Average(line => line.AboveGridFresh)),7} {lines.Average(line => line.StepsOfGrid),7:P1}");
}
