using System.Globalization;

namespace MlnetClip.Reports.Studies;

/// <summary>An axis of parallel coordinates.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Heights">The height of each trial on it, from 0 to 1.</param>
/// <param name="Ticks">The values that are written on it.</param>
internal sealed record ParallelAxis(string Name, double[] Heights, IReadOnlyList<(double At, string Text)> Ticks)
{
    private const double Apart = 0.09; // closer texts overlap
    private const double Lowest = 0.12; // below it are trials without the parameter

    /// <summary>Numbers on a linear scale.</summary>
    public static ParallelAxis OfNumbers(string name, double[] values) => Of(name, values, [.. values.Select(Number)]);

    /// <summary>A parameter: positive numbers on a logarithmic scale, choices by their names.</summary>
    public static ParallelAxis OfParameter(string name, Trial[] trials)
    {
        PointValue?[] values = [.. trials.Select(trial => trial.Point.Find(name))];
        bool isLogarithmic = values.All(value => value is null or { Choice: null, Number: > 0 });
        return Of(
            name.Replace('_', ' '), [.. values.Select(value => value is not { } some ? double.NaN : isLogarithmic ? Math.Log10(some.Number) : some.Number)],
            [.. values.Select(value => value is not { } some ? "none" : some.Choice ?? Number(some.Number))]);
    }

    private static ParallelAxis Of(string name, double[] values, string[] texts)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        double low = known.Length == 0 ? 0 : known.Min(), high = known.Length == 0 ? 0 : known.Max();
        bool someLack = known.Length < values.Length;
        double Height(double value) => !double.IsFinite(value) ? 0 : (someLack ? Lowest : 0) + ((high > low ? (value - low) / (high - low) : 0.5) * (someLack ? 1 - Lowest : 1));
        double[] heights = Array.ConvertAll(values, Height);
        (double At, string Text)[] ticks = [.. heights.Zip(texts).Distinct().OrderBy(tick => tick.First)];
        var shown = new List<(double At, string Text)>();
        foreach (var tick in ticks)
            if (shown.Count == 0 || tick.At - shown[^1].At >= Apart) shown.Add(tick);
        return new ParallelAxis(name, heights, shown);
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
