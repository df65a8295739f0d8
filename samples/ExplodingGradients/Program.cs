using System.Diagnostics;
using System.Globalization;
using ExplodingGradients;
using MlnetClip;
using Samples;

// ExplodingGradients [LENGTHS [SEEDS [STEPS]]], for example 10,20,30,50 5 100000
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int[] lengths = args.Length > 0 ? [.. args[0].Split(',').Select(int.Parse)] : [20, 30, 40, 50];
int seeds = args.Length > 1 ? int.Parse(args[1]) : 5;
int steps = args.Length > 2 ? int.Parse(args[2]) : 50_000;
GradientClipping[] clippings = [GradientClipping.None, GradientClipping.ByGlobalNorm(1)];

Console.WriteLine($"Temporal order: 50 tanh units, SGD 0.01, batch 20, at most {steps:N0} steps, {seeds} seeds.");
Console.WriteLine($"{"length",6}  {"clipping",-8}  {"success",8}  {"median steps",12}  {"largest norm",12}");
var watch = Stopwatch.StartNew();
var rates = clippings.ToDictionary(c => c, _ => new List<(double, double)>());
foreach (int length in lengths)
{
    foreach (GradientClipping clipping in clippings)
    {
        var trials = new (bool Succeeded, long Steps, double NormMax)[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            using var trial = new Trial(length, clipping, seed + 1, steps).Run();
            trials[seed] = (trial.Succeeded, trial.Steps, trial.NormMax);
        });
        double rate = trials.Count(t => t.Succeeded) / (double)seeds;
        rates[clipping].Add((length, 100 * rate));
        long median = trials.Select(t => t.Steps).Order().ElementAt(seeds / 2);
        Console.WriteLine($"{length,6}  {clipping,-8}  {rate,8:P0}  {median,12:N0}  {trials.Max(t => t.NormMax),12:G3}");
    }
}

if (lengths.Length > 1)
{
    string picture = Path.Combine("artifacts", "exploding-gradients.svg");
    Directory.CreateDirectory("artifacts");
    new SvgChart("Share of seeds that solve temporal order, in percent, by sequence length")
        .Line("no clipping", "#999", rates[clippings[0]])
        .Line("norm:1", "#1f4fd8", rates[clippings[1]])
        .Save(picture);
    Console.WriteLine($"Picture: {picture}.");
}

Console.WriteLine($"Done in {watch.Elapsed.TotalSeconds:F0} s.");
