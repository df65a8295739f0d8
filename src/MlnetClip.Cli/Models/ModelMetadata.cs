using System.Text.Json.Serialization;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>
/// The metadata that the tool adds to a model file for later commands, in an entry <c>mlnetclip.json</c> next to
/// Microsoft.ML's own. Models without it work too, but users must pass the columns.
/// </summary>
internal sealed record ModelMetadata
{
    /// <summary>The layout of this record that this version writes and the newest it reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The layout of the record as it was written.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The columns of a model over sequences; null for a forecaster.</summary>
    public SequenceMetadata? Sequences { get; init; }

    /// <summary>The column that was trained on; the first one where there are several. For a model over sequences, the label.</summary>
    public required string Value { get; init; }

    /// <summary>The columns that are forecast; null for <see cref="Value"/> alone.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Past covariates; null for none.</summary>
    public IReadOnlyList<string>? Past { get; init; }

    /// <summary>Future covariates; null for none.</summary>
    public IReadOnlyList<string>? Future { get; init; }

    /// <summary>Static covariates; null for none.</summary>
    public IReadOnlyList<string>? Static { get; init; }

    /// <summary>The column that names the series; null for a single series.</summary>
    public string? Group { get; init; }

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

    /// <summary>Whether the first line is a row, so that columns are named by their numbers.</summary>
    public bool NoHeader { get; init; }

    /// <summary>The model file whose weights training began with, or null.</summary>
    public string? StartFrom { get; init; }

    /// <summary>The ONNX or safetensors file whose weights training began with, or null.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>The names that tensors of that file were given, as <c>TENSOR=PARAMETER</c>; null for none.</summary>
    public IReadOnlyList<string>? Rename { get; init; }

    /// <summary>Whether training began with a random head although weights were given.</summary>
    public bool NewHead { get; init; }

    /// <summary>Rows of a season, for the baselines and MASE; 1 or more.</summary>
    public int Season { get; init; } = 1;

    /// <summary>The share of rows that was held out, 0 or more and below 1.</summary>
    public double Holdout { get; init; }

    /// <summary>The number of rows before the cut, which were used for training. The row with this index is the first that was held out.</summary>
    public int Cut { get; init; }

    /// <summary>For each series by its name the number of rows before its cut; null for a single series, whose number is <see cref="Cut"/>.</summary>
    public IReadOnlyDictionary<string, int>? Cuts { get; init; }

    /// <summary>Rows of the file that was trained on; at least <see cref="Cut"/>.</summary>
    public int Rows { get; init; }

    /// <summary>Identifies the values before the cut.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>All columns by their role.</summary>
    [JsonIgnore]
    public SeriesColumns Columns => new(Targets ?? [Value], Past ?? [], Future ?? [], Static ?? [], Time, Group);

    /// <summary>The number of rows before the cut of a series; 0 for one that was not trained on.</summary>
    public int CutOf(TimeSeries series) => Cuts is null ? Cut : series.Name is { } name && Cuts.TryGetValue(name, out int cut) ? cut : 0;

    /// <summary>What is wrong with values that were read, or null.</summary>
    public string? Problem()
    {
        if (Format < 1) return $"format must be 1 or more, but was {Format}";
        if (string.IsNullOrEmpty(Value)) return "value must be the name of a column, but was empty";
        if (Time == Value) return "time must be another column than value, but both are the same";
        if (Sequences?.Problem() is { } problem) return problem;
        if (Targets is not null && (Targets.Count == 0 || Targets[0] != Value)) return "targets must begin with value";
        if (Columns.Numbers.Append(Group ?? "-").Any(string.IsNullOrEmpty)) return "targets, past, future, static and group must be names of columns, but one was empty";
        if (Cuts is not null && (Group is null || Cuts.Values.Any(cut => cut < 0) || Cuts.Values.Sum(cut => (long)cut) != Cut))
            return $"cuts must be 0 or more, must add up to cut, which is {Cut}, and need a group";
        if (Season < 1) return $"season must be 1 or more, but was {Season}";
        if (!(Holdout >= 0 && Holdout < 1)) return FormattableString.Invariant($"holdout must be 0 or more and below 1, but was {Holdout}");
        if (Cut < 0 || Rows < Cut) return $"cut must be 0 or more and at most the {Rows} rows, but was {Cut}";
        if (Delimiter is { } delimiter && (!char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n' or '\0')) return "delimiter must be one ASCII character other than a quote";
        if (TimeZone is not null && ZoneClock.Find(TimeZone) is null) return "time_zone must be a time zone that this system knows";
        if (Encoding is not null && CsvLayout.FindEncoding(Encoding) is null) return "encoding must be the name of an encoding";
        return Fingerprint is null ? "fingerprint must be a text, but was null" : null;
    }
}
