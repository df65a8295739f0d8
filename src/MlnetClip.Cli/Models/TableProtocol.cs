using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>How the forecasts of a file are evaluated: the protocol of each of its series.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Horizon">Rows ahead.</param>
/// <param name="Season">Rows of a season.</param>
/// <param name="Cuts">For each series the rows before the first origin.</param>
internal sealed record TableProtocol(SeriesTable Table, int Horizon, int Season, IReadOnlyList<int> Cuts)
{
    /// <summary>Rows before the cuts of all series.</summary>
    public int RowsBefore => Cuts.Sum();

    /// <summary>Whether any row is left to evaluate.</summary>
    public bool HoldsOut => Table.Series.Zip(Cuts).Any(series => series.Second < Table.History(series.First));

    /// <summary>The protocol of a series.</summary>
    public ForecastProtocol Of(int series) => new(Cuts[series], Horizon, Season);

    /// <summary>The rows before the cuts in words.</summary>
    public string RowsInWords(Func<long, string> count) => Table.IsGrouped
        ? $"the first {count(RowsBefore)} of {count(Table.Rows)} rows of {Table.Path} ({count(Table.Series.Count)} series, each up to its own cut)"
        : $"the first {count(RowsBefore)} of {count(Table.Rows)} rows of {Table.Path}";
}
