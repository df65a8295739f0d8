using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>
/// The metadata that the tool adds to a model file for later commands, in an entry <c>mlnetclip.json</c> next to
/// Microsoft.ML's own. Models without it work too, but users must pass the columns.
/// </summary>
internal sealed record ModelMetadata
{
    /// <summary>The layout of this record that this version writes and the newest it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The layout of the record as it was written.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The column that was trained on.</summary>
    public required string Value { get; init; }

    /// <summary>The time column, or null.</summary>
    public string? Time { get; init; }

    /// <summary>The time format that the user gave, or null.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>The time zone that the user gave, or null.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The delimiter that the user gave, or null.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding that the user gave, or null.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether numbers are written with a decimal comma.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>Rows of a season, for the baselines and MASE; 1 or more.</summary>
    public int Season { get; init; } = 1;

    /// <summary>The share of rows that was held out, 0 or more and below 1.</summary>
    public double Holdout { get; init; }

    /// <summary>The number of rows before the cut, which were used for training. The row with this index is the first that was held out.</summary>
    public int Cut { get; init; }

    /// <summary>Rows of the file that was trained on; at least <see cref="Cut"/>.</summary>
    public int Rows { get; init; }

    /// <summary>Identifies the values before the cut.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What is wrong with values that were read, or null.</summary>
    public string? Problem()
    {
        if (Format < 1) return $"format must be 1 or more, but was {Format}";
        if (string.IsNullOrEmpty(Value)) return "value must be the name of a column, but was empty";
        if (Time == Value) return "time must be another column than value, but both are the same";
        if (Season < 1) return $"season must be 1 or more, but was {Season}";
        if (!(Holdout >= 0 && Holdout < 1)) return FormattableString.Invariant($"holdout must be 0 or more and below 1, but was {Holdout}");
        if (Cut < 0 || Rows < Cut) return $"cut must be 0 or more and at most the {Rows} rows, but was {Cut}";
        if (Delimiter is { } delimiter && (!char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n' or '\0')) return "delimiter must be one ASCII character other than a quote";
        if (TimeZone is not null && ZoneClock.Find(TimeZone) is null) return "time_zone must be a time zone that this system knows";
        if (Encoding is not null && CsvLayout.FindEncoding(Encoding) is null) return "encoding must be the name of an encoding";
        return Fingerprint is null ? "fingerprint must be a text, but was null" : null;
    }
}
