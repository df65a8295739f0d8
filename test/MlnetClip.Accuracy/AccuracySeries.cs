using System.Globalization;
using MlnetClip.TestKit;

namespace MlnetClip.Accuracy;

/// <summary>A series to forecast.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Values">Its rows; NaN where a value is missing.</param>
/// <param name="Season">Rows of a season; 1 for none.</param>
/// <param name="Window">Rows that a window has.</param>
/// <param name="Horizon">Rows that are forecast.</param>
/// <param name="Times">The times of the rows; empty for none.</param>
/// <param name="Periods">Periods of the calendar in rows: day, week and year where the series has a time; empty for none.</param>
/// <param name="Future">The future covariate of each row; empty for none.</param>
/// <param name="File">Series of the same file have the same rows.</param>
internal sealed record AccuracySeries(string Name, double[] Values, int Season, int Window, int Horizon, DateTime[] Times, double[] Periods, double[] Future, string File)
{
    /// <summary>The series that are shipped with the samples.</summary>
    public static IReadOnlyList<AccuracySeries> Shipped { get; } =
    [
        Sample("co2.csv", "co2", "date", season: 52, window: 104, horizon: 26),
        Sample("elnino.csv", "temperature", "month", season: 12, window: 24, horizon: 12),
        Sample("sunspots.csv", "sunspots", null, season: 11, window: 33, horizon: 11),
        Sample("temperatures.csv", "seattle_max", "date", season: 365, window: 28, horizon: 7),
        Sample("temperatures.csv", "new_york_max", "date", season: 365, window: 28, horizon: 7),
        Sample("flights.csv", "departures", "time", season: 168, window: 168, horizon: 24),
        Sample("flights.csv", "ORD", "time", season: 168, window: 168, horizon: 24),
        Sample("flights.csv", "mean_delay", "time", season: 24, window: 168, horizon: 24),
        Sample("unemployment.csv", "construction", "month", season: 12, window: 24, horizon: 12),
        Sample("unemployment.csv", "leisure_hospitality", "month", season: 12, window: 24, horizon: 12),
    ];

    /// <summary>The values with each missing one replaced by the last before it; NaN before the first.</summary>
    public double[] Filled { get; } = NaiveForecast.CarryForward(Values);

    /// <summary>The first row that is held out, which is the first origin.</summary>
    public int Cut { get; } = ForecastProtocol.Cut(Values.Length, 0.2);

    /// <summary>Reads a column of a CSV file with a header; empty fields are missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column.</param>
    /// <param name="time">The column of times, whose step gives the calendar; null for none.</param>
    /// <param name="season">Rows of a season.</param>
    /// <param name="window">Rows of a window.</param>
    /// <param name="horizon">Rows to forecast.</param>
    /// <param name="future">A column to be used as a future covariate; null for none.</param>
    /// <exception cref="ArgumentException">A column is not there.</exception>
    public static AccuracySeries Read(string path, string column, string? time, int season, int window, int horizon, string? future = null)
    {
        string[] lines = System.IO.File.ReadAllLines(path), names = lines[0].Split(',');
        double[] values = Numbers(Field(column));
        int at = time is null ? -1 : Field(time);
        DateTime[] times = time is null ? [] : [.. lines.Skip(1).Select(line => Calendar.Parse(line.Split(',')[at]))];
        double[] periods = time is null ? [] : Calendar.PeriodsOf(times[1] - times[0]);
        return new AccuracySeries($"{Path.GetFileNameWithoutExtension(path)} {column}", values, season, window, horizon, times, periods, future is null ? [] : Numbers(Field(future)), path);

        double[] Numbers(int field) => [.. lines.Skip(1).Select(line => line.Split(',')[field]).Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))];

        int Field(string name) => Array.IndexOf(names, name) is >= 0 and int at ? at : throw new ArgumentException($"{path} has no column '{name}', but {lines[0]}.");
    }

    private static AccuracySeries Sample(string file, string column, string? time, int season, int window, int horizon) =>
        Read(Path.Combine(RepositoryFiles.Root, "samples", "data", file), column, time, season, window, horizon);
}
