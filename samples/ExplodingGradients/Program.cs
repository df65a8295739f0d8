using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ExplodingGradients;
using LineChart = MlnetClip.LineChart;

// ExplodingGradients [LENGTHS [SEEDS [STEPS [START]]]], for example 20,50,100 5 100000 smart; START is smart, basic or unit, see Start.cs.
// Finished training runs are stored in artifacts/exploding-gradients.csv, so that the same command resumes where it was stopped.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int[] lengths = args.Length > 0 ? [.. args[0].Split(',').Select(int.Parse)] : [20, 50, 100, 150];
int seeds = args.Length > 1 ? int.Parse(args[1]) : 5;
int steps = args.Length > 2 ? int.Parse(args[2]) : 100_000;
string start = args.Length > 3 ? args[3] : "smart";

Console.WriteLine($"Temporal order: 50 tanh units, start '{start}', SGD 0.01, batch 20, at most {steps:N0} steps, {seeds} seeds.");
Console.WriteLine($"{"length",6}  {"clipping",-8}  {"solved",7}  {"median steps",12}  {"median norm",11}  {"largest norm",12}  {"clipped",7}");
var watch = Stopwatch.StartNew();
var trials = new Trials(Path.Combine("artifacts", "exploding-gradients.csv"));
var rows = lengths.SelectMany(length => new[] { (Length: length, Clipping: "none"), (Length: length, Clipping: "norm:1") }).ToArray();
var rates = rows.ToDictionary(row => row, _ => double.NaN);
Setting[] settings = [.. rows.SelectMany(Settings).Where(setting => trials[setting] is null)];
foreach (var row in rows) PrintWhenEnded(row);
var inOrder = Partitioner.Create(settings, EnumerablePartitionerOptions.NoBuffering);
Parallel.ForEach(inOrder, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, setting =>
{
    using var training = new Trial(setting);
    Outcome outcome = training.Run();
    lock (trials)
    {
        trials.Add(setting, outcome);
        PrintWhenEnded((setting.Length, setting.Clipping));
    }
});

if (lengths.Length > 1)
{
    string picture = Path.Combine("artifacts", $"exploding-gradients-{start}.svg");
    new LineChart("Temporal order: seeds that solve it", "sequence length, time steps", $"solved, % of {seeds} seeds")
        .Line("no clipping", "#999", lengths.Select(length => ((double)length, rates[(length, "none")])))
        .Line("norm:1", "#1f4fd8", lengths.Select(length => ((double)length, rates[(length, "norm:1")])))
        .Save(picture);
    Console.WriteLine($"Picture: {picture}.");
}

Console.WriteLine($"Done in {watch.Elapsed.TotalSeconds:F0} s.");

IEnumerable<Setting> Settings((int Length, string Clipping) row) =>
    Enumerable.Range(1, seeds).Select(seed => new Setting(start, row.Length, row.Clipping, seed, steps));

void PrintWhenEnded((int Length, string Clipping) row)
{
    Outcome?[] ended = [.. Settings(row).Select(setting => trials[setting])];
    if (ended.Contains(null)) return;
    rates[row] = 100.0 * ended.Count(o => o!.Solved) / seeds;
    Console.WriteLine(
        $"{row.Length,6}  {row.Clipping,-8}  {rates[row],5:F0} %  {Median(o => o.Steps),12:N0}  {Median(o => o.NormMedian),11:G3}  "
        + $"{ended.Max(o => o!.NormMax),12:G3}  {ended.Average(o => o!.ShareClipped),7:P0}");

    double Median(Func<Outcome, double> figure) => ended.Select(o => figure(o!)).Order().ElementAt(seeds / 2);
}
