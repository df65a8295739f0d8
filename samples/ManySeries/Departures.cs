using System.Globalization;

namespace ManySeries;

/// <summary>An hour of an airport: a row of the data.</summary>
public sealed class Departures
{
    public string Airport { get; set; } = "";

    public DateTime Time { get; set; }

    public float Flights { get; set; }

    /// <summary>Whether the day is a holiday, which is known ahead.</summary>
    public bool Holiday { get; set; }

    /// <summary>Reads flights.csv, which has a column for each airport, as a row for each hour and airport.</summary>
    public static IEnumerable<Departures> Read(string path)
    {
        string[] airports = File.ReadLines(path).First().Split(',')[3..];
        foreach (string[] fields in File.ReadLines(path).Skip(1).Select(line => line.Split(',')))
        {
            DateTime time = DateTime.Parse(fields[0], CultureInfo.InvariantCulture);
            for (int i = 0; i < airports.Length; i++)
                yield return new Departures { Airport = airports[i], Time = time, Flights = float.Parse(fields[3 + i], CultureInfo.InvariantCulture), Holiday = IsHoliday(time) };
        }
    }

    /// <summary>Federal holidays of the first half of 2001.</summary>
    private static bool IsHoliday(DateTime time) => (time.Month, time.Day) is (1, 1) or (1, 15) or (2, 19) or (5, 28);
}
