using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace MlnetClip.Search.Stores;

/// <summary>A trial as a row: scalars in columns, lists as JSON.</summary>
internal static class TrialRow
{
    public const string Columns =
        "number, generation, stage, point, seed, state, attempt, value, reports, measures, failure_kind, failure, seconds";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <exception cref="InvalidDataException">A field has an illegal value.</exception>
    public static Trial Read(SqliteDataReader reader)
    {
        try
        {
            var request = new TrialRequest(Named<TrialStage>(reader, 2), ReadPoint(reader.GetString(3)), Whole(reader, 4));
            var trial = new Trial(Whole(reader, 0), Whole(reader, 1), request)
            {
                State = Named<TrialState>(reader, 5),
                Attempt = Whole(reader, 6),
                Value = reader.IsDBNull(7) ? null : Number(reader, 7),
                Reports = reader.IsDBNull(8) ? [] : ReadReports(reader.GetString(8)),
                Measures = reader.IsDBNull(9) ? new Dictionary<string, double>() : Parse<Dictionary<string, double>>(reader.GetString(9)),
                Failure = reader.IsDBNull(10) ? null : new TrialFailure(Named<FailureKind>(reader, 10), reader.GetString(11)),
                Seconds = reader.IsDBNull(12) ? 0 : Number(reader, 12) is >= 0 and var seconds ? seconds : throw new FormatException("seconds must be 0 or more"),
            };
            return trial.State is TrialState.Complete or TrialState.Pruned && trial.Value is null ? throw new FormatException($"it is {trial.State} but has no value")
                : trial.State == TrialState.Failed && trial.Failure is null ? throw new FormatException("it is Failed but has no failure")
                : trial;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or JsonException or InvalidCastException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"trial {reader.GetValue(0)} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Turns the command into an update of a finished trial's columns; the caller adds the condition.</summary>
    public static SqliteCommand Update(SqliteCommand command, Trial trial)
    {
        command.CommandText = """
            UPDATE trials SET state = $state, value = $value, reports = $reports, measures = $measures,
                failure_kind = $kind, failure = $failure, seconds = $seconds, owner = NULL, lease_end = NULL
            """;
        command.Parameters.AddWithValue("$state", trial.State.ToString());
        command.Parameters.AddWithValue("$value", (object?)trial.Value ?? DBNull.Value);
        command.Parameters.AddWithValue("$reports", JsonSerializer.Serialize(trial.Reports.Select(report => new[] { report.Step, report.Value }), Json));
        command.Parameters.AddWithValue("$measures", JsonSerializer.Serialize(trial.Measures, Json));
        command.Parameters.AddWithValue("$kind", (object?)trial.Failure?.Kind.ToString() ?? DBNull.Value);
        command.Parameters.AddWithValue("$failure", (object?)trial.Failure?.Message ?? DBNull.Value);
        command.Parameters.AddWithValue("$seconds", trial.Seconds);
        return command;
    }

    /// <summary>A point as an object: a number as it is, a choice as its text and index.</summary>
    public static string WritePoint(SearchPoint point) => JsonSerializer.Serialize(
        point.Values.ToDictionary(value => value.Parameter, value => value.Choice is null ? (object)value.Number : new object[] { value.Choice, value.Number }), Json);

    private static SearchPoint ReadPoint(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return new SearchPoint(document.RootElement.EnumerateObject().Select(entry => entry.Value.ValueKind == JsonValueKind.Number
            ? new PointValue(entry.Name, entry.Value.GetDouble())
            : new PointValue(entry.Name, entry.Value[1].GetDouble(), entry.Value[0].GetString())).ToArray());
    }

    private static TrialReport[] ReadReports(string text)
    {
        var reports = Array.ConvertAll(Parse<double[]?[]>(text), pair => pair is [>= 1 and <= int.MaxValue and var step, var value] && step == Math.Floor(step)
            ? new TrialReport((int)step, value)
            : throw new FormatException("reports must be pairs of a step, a whole number of 1 or more, and a value"));
        for (int i = 1; i < reports.Length; i++)
            if (reports[i].Step <= reports[i - 1].Step) throw new FormatException($"reports must have increasing steps, but {reports[i].Step} follows {reports[i - 1].Step}");
        return reports;
    }

    private static T Parse<T>(string text)
        where T : class => JsonSerializer.Deserialize<T>(text, Json) ?? throw new FormatException("a list is null");

    private static double Number(SqliteDataReader reader, int column) => reader.GetValue(column) switch
    {
        double value when double.IsFinite(value) => value,
        long value => value,
        var other => throw new FormatException($"{reader.GetName(column)} must be a finite number, but was '{other}'"),
    };

    private static int Whole(SqliteDataReader reader, int column) => reader.GetValue(column) is long value and >= 0 and <= int.MaxValue
        ? (int)value
        : throw new FormatException($"{reader.GetName(column)} must be a whole number of 0 or more, but was '{reader.GetValue(column)}'");

    private static T Named<T>(SqliteDataReader reader, int column)
        where T : struct, Enum => Enum.TryParse(reader.GetString(column), out T value) && Enum.IsDefined(value) && $"{value}" == reader.GetString(column)
        ? value
        : throw new FormatException($"{reader.GetName(column)} must be one of {string.Join(", ", Enum.GetNames<T>())}, but was '{reader.GetString(column)}'");
}
