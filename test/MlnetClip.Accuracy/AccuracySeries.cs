using System.Globalization;
using MlnetClip.TestKit;

namespace MlnetClip.Accuracy;

/// <summary>A series to forecast.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Values">Its rows; NaN where a value is missing.</param>
/// <param name="Season">Rows of a season; 1 for none.</param>
/// <param name="Window">Rows that a window has.</param>
/// <param name="Horizon">Rows that are forecast.</param>
/// <param name="Periods">Periods of the calendar in rows: day, week and year where the series has a time; empty for none.</param>
internal sealed record AccuracySeries(string Name, double[] Values, int Season, int Window, int Horizon, double[] Periods)
{
    /// <summary>The series that are shipped with the samples.</summary>
    public static IReadOnlyList<AccuracySeries> Shipped { get; } =
    [
        Sample("co2.csv", "co2", season: 52, window: 104, horizon: 26, [365.25 / 7]),
        Sample("elnino.csv", "temperature", season: 12, window: 24, horizon: 12, [12]),
        Sample("sunspots.csv", "sunspots", season: 11, window: 33, horizon: 11, []),
        Sample("temperatures.csv", "seattle_max", season: 365, window: 28, horizon: 7, [7, 365.25]),
        Sample("temperatures.csv", "new_york_max", season: 365, window: 28, horizon: 7, [7, 365.25]),
        Sample("flights.csv", "departures", season: 168, window: 168, horizon: 24, [24, 168]),
        Sample("flights.csv", "ORD", season: 168, window: 168, horizon: 24, [24, 168]),
        Sample("flights.csv", "mean_delay", season: 24, window: 168, horizon: 24, [24, 168]),
        Sample("unemployment.csv", "construction", season: 12, window: 24, horizon: 12, [12]),
        Sample("unemployment.csv", "leisure_hospitality", season: 12, window: 24, horizon: 12, [12]),
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
    /// <exception cref="ArgumentException">A column is not there.</exception>
    public static AccuracySeries Read(string path, string column, string? time, int season, int window, int horizon)
    {
        string[] lines = File.ReadAllLines(path), names = lines[0].Split(',');
        int field = Field(column);
        double[] values = [.. lines.Skip(1).Select(line => line.Split(',')[field]).Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))];
        double[] periods = time is null ? [] : Calendar.PeriodsOf(lines[1].Split(',')[Field(time)], lines[2].Split(',')[Field(time)]);
        return new AccuracySeries($"{Path.GetFileNameWithoutExtension(path)} {column}", values, season, window, horizon, periods);

        int Field(string name) => Array.IndexOf(names, name) is >= 0 and int at ? at : throw new ArgumentException($"{path} has no column '{name}', but {lines[0]}.");
    }

    private static AccuracySeries Sample(string file, string column, int season, int window, int horizon, double[] periods) =>
        Read(Path.Combine(RepositoryFiles.Root, "samples", "data", file), column, null, season, window, horizon) with { Periods = periods };
}
