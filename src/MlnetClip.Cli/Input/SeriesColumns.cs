namespace MlnetClip.Cli.Input;

/// <summary>The columns that a forecaster reads, by their names.</summary>
/// <param name="Targets">The columns to forecast, at least one.</param>
/// <param name="Past">Covariates that are known up to the present.</param>
/// <param name="Future">Covariates that are known for the rows of the horizon too.</param>
/// <param name="Static">Covariates that are constant in a series.</param>
/// <param name="Time">The time of a row; null for none.</param>
/// <param name="Group">The series of a row; null for a single series.</param>
internal sealed record SeriesColumns(
    IReadOnlyList<string> Targets, IReadOnlyList<string> Past, IReadOnlyList<string> Future, IReadOnlyList<string> Static, string? Time = null, string? Group = null)
{
    /// <summary>One column, with its times.</summary>
    public static SeriesColumns Of(string value, string? time = null) => new([value], [], [], [], time);

    /// <summary>The columns of numbers: targets, then covariates.</summary>
    public IReadOnlyList<string> Numbers => [.. Targets, .. Covariates];

    /// <summary>All covariates.</summary>
    public IReadOnlyList<string> Covariates => [.. Past, .. Future, .. Static];
}
