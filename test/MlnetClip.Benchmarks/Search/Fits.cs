using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML;

namespace MlnetClip.Benchmarks.Search;

/// <summary>Validation losses of fits by clipping and seed; each is trained once.</summary>
internal sealed class Fits
{
    private readonly ForecastTask _task;
    private readonly string? _cache;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<(string Clipping, int Seed), Lazy<double>> _losses = [];

    public Fits(ForecastTask task, string? cache)
    {
        (_task, _cache) = (task, cache);
        if (cache is null || !File.Exists(cache)) return;
        foreach (string[] line in File.ReadLines(cache).Select(line => line.Split(';')).Where(line => line.Length == 4 && line[0] == Key))
        {
            double loss = double.Parse(line[3], CultureInfo.InvariantCulture);
            _losses[(line[1], int.Parse(line[2], CultureInfo.InvariantCulture))] = new Lazy<double>(loss);
        }
    }

    private string Key => $"{_task.Name}, {_task.Values.Length} rows, {_task.Window} to {_task.Horizon}, {_task.Epochs} epochs, {_task.Setup}";

    /// <summary>The loss with a seed; infinite where the gradient was not finite.</summary>
    public double Loss(GradientClipping clipping, int seed) =>
        _losses.GetOrAdd(($"{clipping}", seed), _ => new Lazy<double>(() => Train(clipping, seed))).Value;

    /// <summary>The mean over seeds.</summary>
    public double Mean(GradientClipping clipping, IEnumerable<int> seeds) => seeds.Average(seed => Loss(clipping, seed));

    private double Train(GradientClipping clipping, int seed)
    {
        var mlContext = new MLContext(seed);
        double loss;
        try
        {
            loss = _task.Estimator(mlContext, clipping).Fit(_task.View(mlContext)).Training.ValidationLoss!.Value;
        }
        catch (NonFiniteGradientException)
        {
            loss = double.PositiveInfinity;
        }

        if (_cache is not null)
        {
            lock (_lock) File.AppendAllText(_cache, string.Create(CultureInfo.InvariantCulture, $"{Key};{clipping};{seed};{loss:R}\n"));
        }

        return loss;
    }
}
