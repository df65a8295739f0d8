using System.Globalization;
using MlnetClip.Optimizers;

namespace MlnetClip.Benchmarks.Search;

/// <summary>The command line of the search's table.</summary>
internal sealed record SearchOptions
{
    public const string Help =
        """
          --data FILE      a second series besides the CO2 of the samples, a CSV file
          --value COLUMN   its column, OT by default
          --rows N         its first rows, 4000 by default
          --window N       rows a forecast reads there, 48 by default
          --horizon N      rows it forecasts, 12 by default
          --studies N      seeds of studies, 5 by default
          --trials N       trials of a study, 40 by default
          --epochs N       epochs of every fit, 30 by default
          --learning-rate R, --schedule TEXT   of every fit, 0.001 and cosine by default; the library's own are 0.002 and constant
          --cache FILE     keeps fits, so that a run that was stopped goes on
          --json FILE      writes the figures
          --part PART      table or overhead alone
        """;

    public string? Data { get; init; }

    public string Value { get; init; } = "OT";

    public int Rows { get; init; } = 4000;

    public int Window { get; init; } = 48;

    public int Horizon { get; init; } = 12;

    public int Studies { get; init; } = 5;

    public int Trials { get; init; } = 40;

    public int Epochs { get; init; } = 30;

    public float LearningRate { get; init; } = 0.001f;

    public Schedule Schedule { get; init; } = Schedule.CosineToEnd();

    public string? Cache { get; init; }

    public string? Json { get; init; }

    public string? Part { get; init; }

    public static SearchOptions Parse(string[] args)
    {
        var options = new SearchOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            string name = args[i], value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{name} needs a value.");
            int Number() => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                ? number
                : throw new ArgumentException($"{name} takes a whole number of 1 or more, but got '{value}'.");
            float Rate() => float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float rate) && rate is > 0 and <= 1000
                ? rate
                : throw new ArgumentException($"{name} takes a number above 0 and at most 1000, but got '{value}'.");
            options = name switch
            {
                "--data" => options with { Data = value },
                "--value" => options with { Value = value },
                "--rows" => options with { Rows = Number() },
                "--window" => options with { Window = Number() },
                "--horizon" => options with { Horizon = Number() },
                "--studies" => options with { Studies = Number() },
                "--trials" => options with { Trials = Number() },
                "--epochs" => options with { Epochs = Number() },
                "--learning-rate" => options with { LearningRate = Rate() },
                "--schedule" => options with { Schedule = Schedule.Parse(value) },
                "--cache" => options with { Cache = value },
                "--json" => options with { Json = value },
                "--part" when value is "table" or "overhead" => options with { Part = value },
                _ => throw new ArgumentException($"'{name} {value}' is not an option."),
            };
        }

        return options;
    }
}
