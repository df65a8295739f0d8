using System.Globalization;

namespace MlnetClip.Accuracy;

/// <summary>The command line of the table.</summary>
internal sealed record AccuracyOptions
{
    public const string Help =
        """
          --data FILE      a CSV file with a header, instead of the series of samples/data; may be given several times, each followed by its options
          --value COLUMNS  its column, required, or several separated by commas, each a series; --time COLUMN for calendar terms
          --future COLUMN  a future covariate, such as holidays, for the forecaster; the other methods read none
          --season N       rows of a season, 1 by default
          --window N       rows of a window, 24 by default
          --horizon N      rows to forecast, 12 by default
          --series TEXT    only the series whose name contains this
          --together       the forecaster learns all series of a file at once, each a group with a scale of its own; the other methods fit each alone
          --seeds N        fits of the forecaster, 3 by default
          --set NAME=TEXT  an option of the forecaster, for example HiddenSize=64; may be given several times
          --json FILE      writes the figures
        """;

    public IReadOnlyList<AccuracySeries> Series { get; init; } = AccuracySeries.Shipped;

    public int Seeds { get; init; } = 3;

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public bool Together { get; init; }

    public string? Json { get; init; }

    public static AccuracyOptions Parse(string[] args)
    {
        var options = new AccuracyOptions();
        var files = new List<Dictionary<string, string>>();
        var settings = new Dictionary<string, string>();
        string? filter = null;
        for (int i = 0; i < args.Length; i += 2)
        {
            if (args[i] == "--together")
            {
                options = options with { Together = true };
                i--;
                continue;
            }

            string name = args[i], value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{name} needs a value.");
            switch (name)
            {
                case "--data": files.Add(new() { [name] = value }); break;
                case "--value" or "--time" or "--future" or "--season" or "--window" or "--horizon" when files.Count > 0: files[^1][name] = value; break;
                case "--series": filter = value; break;
                case "--seeds": options = options with { Seeds = Number(name, value) }; break;
                case "--json": options = options with { Json = value }; break;
                case "--set" when value.Split('=', 2) is [var option, var text]: settings[option] = text; break;
                default: throw new ArgumentException($"'{name} {value}' is not an option{(name is "--value" or "--time" or "--future" or "--season" or "--window" or "--horizon" ? " before --data" : "")}.");
            }
        }

        IEnumerable<AccuracySeries> series = files.Count == 0 ? AccuracySeries.Shipped : files.SelectMany(Read);
        options = options with { Settings = settings, Series = [.. series.Where(one => filter is null || one.Name.Contains(filter, StringComparison.Ordinal))] };
        return options.Series.Count > 0 ? options : throw new ArgumentException($"No series has '{filter}' in its name.");
    }

    private static IEnumerable<AccuracySeries> Read(Dictionary<string, string> file)
    {
        if (!file.TryGetValue("--value", out string? column)) throw new ArgumentException($"--data {file["--data"]} needs --value.");
        int Get(string name, int otherwise) => file.TryGetValue(name, out string? text) ? Number(name, text) : otherwise;
        return column.Split(',').Select(one => AccuracySeries.Read(file["--data"], one, file.GetValueOrDefault("--time"), Get("--season", 1), Get("--window", 24), Get("--horizon", 12), file.GetValueOrDefault("--future")));
    }

    private static int Number(string name, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
        ? number
        : throw new ArgumentException($"{name} takes a whole number of 1 or more, but got '{text}'.");
}
