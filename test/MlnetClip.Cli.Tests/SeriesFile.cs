using System.Globalization;
using System.Text;

namespace MlnetClip.Cli.Tests;

/// <summary>A small series for training runs: weekly, with a trend, a season of twelve rows and gaps in its first part.</summary>
internal static class SeriesFile
{
    public const int Rows = 200;
    public const int Season = 12;

    /// <summary>Rows before the cut at the default share of 0.2.</summary>
    public const int Cut = 160;

    /// <summary>Arguments of a training run that takes a fraction of a second.</summary>
    public static string[] Train(string data, string model, params string[] more) =>
    [
        "train", "forecasting", "--data", data, "--value", "level", "--time", "date", "--season", "12", "--window", "24", "--horizon", "3",
        "--hidden", "4", "--epochs", "2", "--batch", "16", "--linear-part", "None", "--model", model, .. more,
    ];

    /// <summary>Arguments of a search of eight small fits; an option in <paramref name="more"/> replaces its own, and one that searches what an own one fixes.</summary>
    public static string[] Tune(string data, params string[] more)
    {
        List<string> arguments =
        [
            "--data", data, "--value", "level", "--time", "date", "--season", "12", "--window", "24", "--horizon", "3",
            "--hidden", "4", "--epochs", "2", "--batch", "16", "--linear-part", "None", "--trials", "8", "--workers", "2",
        ];
        foreach (string option in more.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            if (arguments.IndexOf(option == "--batch-sizes" ? "--batch" : option) is var at and >= 0) arguments.RemoveRange(at, 2);
        return ["tune", "forecasting", .. arguments, .. more];
    }

    /// <summary>The value of a row; null in a gap.</summary>
    public static double? Value(int row) =>
        row % 29 == 17 && row < Cut ? null : Math.Round((0.03 * row) + Math.Sin(2 * Math.PI * row / Season) + (0.1 * Math.Cos(row * row)), 4);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="value">Replaces values, by row.</param>
    /// <param name="rows">Rows to write.</param>
    public static string Write(string path, Func<int, string>? value = null, int rows = Rows)
    {
        var text = new StringBuilder("date,level\n");
        for (int row = 0; row < rows; row++)
        {
            string field = value?.Invoke(row) ?? Value(row)?.ToString(CultureInfo.InvariantCulture) ?? "";
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2000, 1, 1).AddDays(7 * row):yyyyMMdd},{field}\n");
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }
}
