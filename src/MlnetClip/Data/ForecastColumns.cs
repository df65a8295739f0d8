using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Data;

/// <summary>The columns that a forecaster reads. A covariate column may be a vector; its values are channels of their own.</summary>
/// <param name="Targets">The columns to forecast, at least one, of type Single or Double.</param>
/// <param name="Past">Covariates known up to the present.</param>
/// <param name="Future">Covariates known for the rows of the horizon too.</param>
/// <param name="Static">Covariates that are constant in a series.</param>
/// <param name="Time">The time of a row; null where it is not read.</param>
/// <param name="Group">The series of a row; null for a single series.</param>
internal sealed record ForecastColumns(
    IReadOnlyList<string> Targets, IReadOnlyList<string> Past, IReadOnlyList<string> Future, IReadOnlyList<string> Static, string? Time = null, string? Group = null)
{
    /// <summary>One column without covariates.</summary>
    public static ForecastColumns Of(string target) => new([target], [], [], []);

    /// <summary>All covariates, past, future and static.</summary>
    [JsonIgnore]
    public IEnumerable<string> Covariates => [.. Past, .. Future, .. Static];

    /// <summary>All columns, each once.</summary>
    [JsonIgnore]
    public IEnumerable<string> All => new[] { Group, Time }.OfType<string>().Concat(Targets).Concat(Covariates).Distinct();

    /// <summary>The columns that are read ahead of the present: the covariates and times of the horizon.</summary>
    [JsonIgnore]
    public IEnumerable<string> Ahead => new[] { Group, Time }.OfType<string>().Concat(Future).Distinct();

    /// <summary>Those of a schema.</summary>
    public static IEnumerable<DataViewSchema.Column> Select(DataViewSchema schema, IEnumerable<string> names) => names.Select(name => schema[name]);

    /// <summary>Channels of some columns: a vector has one for each of its values.</summary>
    public static int Channels(DataViewSchema schema, IReadOnlyList<string> columns) => columns.Sum(name => NumberColumn.Width(schema[name].Type));

    /// <inheritdoc/>
    public bool Equals(ForecastColumns? other) => other is not null && Targets.SequenceEqual(other.Targets) && Past.SequenceEqual(other.Past)
        && Future.SequenceEqual(other.Future) && Static.SequenceEqual(other.Static) && Time == other.Time && Group == other.Group;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Targets[0], Targets.Count, Past.Count, Future.Count, Static.Count, Time, Group);
}
