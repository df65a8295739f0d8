using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlnetClip.Data;

/// <summary>The training and validation rows of a forecaster, held once, series by series.</summary>
/// <param name="Columns">The columns that were read.</param>
/// <param name="Groups">The series, at least one.</param>
/// <param name="Calendar">The calendar features of the time column.</param>
/// <param name="Past">Channels of past covariates.</param>
/// <param name="Future">Channels of future covariates.</param>
internal sealed record SeriesTable(ForecastColumns Columns, IReadOnlyList<SeriesGroup> Groups, CalendarFeatures Calendar, int Past, int Future)
{
    /// <summary>Rows of all series.</summary>
    public int Rows => Groups.Sum(group => group.Length);

    /// <summary>Validation rows of all series.</summary>
    public int ValidationRows => Groups.Sum(group => group.Length - group.Cut);

    /// <summary>Rows without a value of at least one target.</summary>
    public int MissingRows => Groups.Sum(group => group.MissingRows());

    /// <summary>Static channels.</summary>
    public int Static => Groups[0].Static.Length;

    /// <summary>SHA-256 of all rows, in hexadecimal: equal for equal data.</summary>
    public string Hash()
    {
        if (Groups is [{ Covariates: [], Calendar: [], Static: [], Name: "", Targets: [var only] }]) return only.Hash();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SeriesGroup group in Groups)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{group.Name.Length}:{group.Name},{group.Length},{group.Cut};")));
            foreach (Series target in group.Targets) hash.AppendData(Encoding.ASCII.GetBytes(target.Hash()));
            foreach (double[] channel in (double[][])[.. group.Covariates, .. group.Calendar, group.Static]) hash.AppendData(MemoryMarshal.AsBytes(channel.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
