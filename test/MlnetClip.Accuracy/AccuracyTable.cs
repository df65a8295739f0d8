using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlnetClip.Accuracy;

/// <summary>
/// The table of accuracy: the last fifth of a series is held out, every row of it is an origin, and all methods forecast the horizon from there.
/// What is fitted is fitted once, to the rows before. The forecaster is fitted with several seeds; its error is the mean of theirs.
/// </summary>
internal static class AccuracyTable
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // one seed has no spread
    };

    /// <summary>The methods that the forecaster is compared with.</summary>
    public static IReadOnlyList<IForecaster> Others { get; } =
    [
        new RidgeForecaster("ridge", WindowInputs.RelativeToLast), new RidgeForecaster("ridge, calendar", WindowInputs.WithCalendar),
        new RidgeForecaster("DLinear", WindowInputs.Decomposed), new HoltWintersForecaster(), new ThetaForecaster(), .. NaiveRule.All,
    ];

    /// <summary>The errors on a series.</summary>
    /// <param name="Ratio">The forecaster's RMSE divided by that of the best other method.</param>
    /// <param name="Best">The best other method.</param>
    /// <param name="Spread">The standard deviation of the RMSE over seeds, divided by its mean; NaN for one seed.</param>
    /// <param name="Seconds">The time of the fits and forecasts, divided by the number of seeds.</param>
    /// <param name="Note">What the forecaster's report says of the last fit.</param>
    internal sealed record Line(
        string Series, int Rows, int Season, int Window, int Horizon, int Pairs, double Ratio, string Best, double Rmse, double Mae, double Spread, double Seconds, string Note,
        IReadOnlyDictionary<string, double> OthersRmse, IReadOnlyDictionary<string, double> OthersMae);

    public static void Run(AccuracyOptions options, string machine)
    {
        Console.WriteLine(machine);
        Console.WriteLine($"{"series",-34} {"ratio",6} {"RMSE",8} {"spread",6}  {string.Join(' ', Others.Select(other => $"{other.Name,15}"))} {"s",6}");
        var lines = new List<Line>();
        foreach (AccuracySeries[] together in options.Together ? options.Series.GroupBy(series => series.File).Select(file => file.ToArray()) : options.Series.Select(series => new[] { series }))
        {
            foreach (Line line in Measure(together, options))
            {
                lines.Add(line);
                Print(line);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"geometric mean of the ratios {Math.Exp(lines.Average(line => Math.Log(line.Ratio))):F3}, largest {lines.Max(line => line.Ratio):F3}; ")
            + $"better than all by 3% on {lines.Count(line => line.Ratio <= 0.97)} of {lines.Count}, worse than the best by more than 3% on {lines.Count(line => line.Ratio > 1.03)}");
        if (options.Json is { } json) File.WriteAllText(json, JsonSerializer.Serialize(lines, Indented));
    }

    /// <summary>Measures series that the forecaster learns together; the other methods fit each alone.</summary>
    public static Line[] Measure(IReadOnlyList<AccuracySeries> together, AccuracyOptions options)
    {
        var forecaster = new LstmForecaster(options.Settings);
        var watch = Stopwatch.StartNew();
        double[][][,] fits = [.. Enumerable.Range(1, options.Seeds).Select(seed => forecaster.Forecast(together, seed))];
        double seconds = watch.Elapsed.TotalSeconds / options.Seeds;
        return [.. together.Select((series, i) => Measure(series, [.. fits.Select(fit => fit[i])], seconds, $"{forecaster.Report}"))];
    }

    private static Line Measure(AccuracySeries series, double[][,] fits, double seconds, string note)
    {
        double[][,] others = [.. Others.Select(other => other.Forecast(series, 0))];
        Errors[] errors = Errors.Of(series, [.. fits, .. others]), own = errors[..fits.Length], theirs = errors[fits.Length..];
        double rmse = own.Average(one => one.Rmse);
        double spread = own.Length < 2 ? double.NaN : Math.Sqrt(own.Sum(one => Math.Pow(one.Rmse - rmse, 2)) / (own.Length - 1)) / rmse;
        int best = Array.IndexOf(theirs, theirs.MinBy(one => one.Rmse)!);
        return new Line(
            series.Name, series.Values.Length, series.Season, series.Window, series.Horizon, own[0].Pairs, rmse / theirs[best].Rmse, Others[best].Name,
            rmse, own.Average(one => one.Mae), spread, seconds, note,
            ByName(theirs, one => one.Rmse), ByName(theirs, one => one.Mae));
    }

    private static Dictionary<string, double> ByName(Errors[] theirs, Func<Errors, double> error) =>
        Others.Zip(theirs, (other, one) => (other.Name, Error: error(one))).ToDictionary(one => one.Name, one => one.Error);

    private static void Print(Line line) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{$"{line.Series} {line.Window}>{line.Horizon}",-34} {line.Ratio,6:F3} {line.Rmse,8:G4} {line.Spread,6:P1}  ")
        + string.Join(' ', line.OthersRmse.Select(other => $"{(other.Key == line.Best ? "*" : "") + other.Value.ToString("G4", CultureInfo.InvariantCulture),15}"))
        + string.Create(CultureInfo.InvariantCulture, $" {line.Seconds,6:F1}"));
}
