using System.Security.Cryptography;
using System.Text;

namespace MlnetClip.Cli.Input;

/// <summary>The rows of a file, as a forecaster reads them: one series or several, in the order of the file.</summary>
/// <param name="Path">The file, as the user wrote it.</param>
/// <param name="Columns">The columns that were read, by their names in the file.</param>
/// <param name="Numbers">A value a row for each column of <see cref="SeriesColumns.Numbers"/>; NaN where it is missing.</param>
/// <param name="Series">The series, in the order in which they begin.</param>
internal sealed record SeriesTable(string Path, SeriesColumns Columns, IReadOnlyList<double[]> Numbers, IReadOnlyList<TimeSeries> Series)
{
    private (int[] Series, int[] Rows)? _places;

    /// <summary>Rows of the file.</summary>
    public int Rows => Numbers[0].Length;

    /// <summary>Whether rows may belong to several series.</summary>
    public bool IsGrouped => Columns.Group is not null;

    /// <summary>Whether rows after the last target may carry covariates of the future.</summary>
    public bool HasPlan => Columns.Future.Count > 0;

    /// <summary>The series of every row of the file, by its number.</summary>
    public int[] SeriesOfRow => Places.Series;

    /// <summary>The row of its series that every row of the file is.</summary>
    public int[] RowOfSeries => Places.Rows;

    /// <summary>Rows of a series from which forecasts may be made: without the rows of a plan.</summary>
    public int History(TimeSeries series) => HasPlan ? series.RowsWithTargets : series.Rows;

    /// <summary>Identifies the targets of the rows before the cuts.</summary>
    /// <param name="cuts">For each series the number of rows.</param>
    public string Fingerprint(IReadOnlyList<int> cuts)
    {
        if (!IsGrouped) return Series[0].Fingerprint(cuts[0]);
        string all = string.Join('\n', Series.Select((series, i) => $"{series.Name}\t{series.Fingerprint(Math.Min(cuts[i], series.Rows))}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..32];
    }

    /// <summary>Whether the rows before the cuts have the targets of a fingerprint.</summary>
    public bool Matches(string fingerprint, IReadOnlyList<int> cuts) => IsGrouped ? fingerprint == Fingerprint(cuts) : Series[0].Matches(fingerprint, cuts[0]);

    private (int[] Series, int[] Rows) Places
    {
        get
        {
            if (_places is { } known) return known;
            var (series, rows) = (new int[Rows], new int[Rows]);
            for (int i = 0; i < Series.Count; i++)
                for (int row = 0; row < Series[i].Rows; row++) (series[Series[i].FileRows[row]], rows[Series[i].FileRows[row]]) = (i, row);
            _places = (series, rows);
            return (series, rows);
        }
    }
}
