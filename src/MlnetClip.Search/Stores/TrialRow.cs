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

    public static Trial Read(SqliteDataReader reader) =>
        new(reader.GetInt32(0), reader.GetInt32(1), new TrialRequest(Enum.Parse<TrialStage>(reader.GetString(2)), ReadPoint(reader.GetString(3)), reader.GetInt32(4)))
        {
            State = Enum.Parse<TrialState>(reader.GetString(5)),
            Attempt = reader.GetInt32(6),
            Value = reader.IsDBNull(7) ? null : reader.GetDouble(7),
            Reports = reader.IsDBNull(8) ? [] : [.. Parse<double[][]>(reader.GetString(8)).Select(pair => new TrialReport((int)pair[0], pair[1]))],
            Measures = reader.IsDBNull(9) ? new Dictionary<string, double>() : Parse<Dictionary<string, double>>(reader.GetString(9)),
            Failure = reader.IsDBNull(10) ? null : new TrialFailure(Enum.Parse<FailureKind>(reader.GetString(10)), reader.GetString(11)),
            Seconds = reader.IsDBNull(12) ? 0 : reader.GetDouble(12),
        };

    /// <summary>Makes the command the update of a finished trial's columns; the caller may narrow it down.</summary>
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

    private static T Parse<T>(string text) => JsonSerializer.Deserialize<T>(text, Json)!;
}
