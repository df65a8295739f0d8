namespace MlnetClip;

/// <summary>
/// How forecasts are evaluated: every row from <paramref name="FirstOrigin"/> on is an origin, at which the next
/// <paramref name="Horizon"/> rows are forecast from the rows up to and including the origin.
/// </summary>
/// <param name="FirstOrigin">
/// The first row, counted from 0, at which a forecast is evaluated; its number is also the number of rows before it,
/// which give the scale of MASE. At least 0.
/// </param>
/// <param name="Horizon">Rows forecast from each origin, at least 1. Every step counts equally.</param>
/// <param name="Season">The season in rows, for the seasonal baselines and MASE; 1 for none. At least 1.</param>
public sealed record ForecastProtocol(int FirstOrigin, int Horizon, int Season = 1)
{
    /// <summary>
    /// The first row that is held out when the last <paramref name="holdout"/> share of the rows is: <c>rows - ceil(rows * holdout)</c>.
    /// </summary>
    /// <param name="rows">Rows of the series, at least 0.</param>
    /// <param name="holdout">The share held out, above 0 and below 1; taken as the decimal number it is written as.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static int Cut(int rows, double holdout)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (!(holdout > 0 && holdout < 1)) throw new ArgumentOutOfRangeException(nameof(holdout), holdout, "The share held out must be above 0 and below 1.");
        return rows - (int)decimal.Ceiling(rows * (decimal)holdout);
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(FirstOrigin);
        ArgumentOutOfRangeException.ThrowIfLessThan(Horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Season, 1);
    }
}
