using MlnetClip;
using MlnetClip.MLNetInternals;

namespace Microsoft.ML;

/// <summary>Splits of rows in time order, on <see cref="MLContext.Data"/>.</summary>
public static class SplitByTimeCatalog
{
    /// <summary>
    /// Splits rows that are in time order: the first ones for training, the last ones for testing. Nothing is shuffled.
    /// <see cref="DataOperationsCatalog.TrainTestSplit"/> splits at random, after which neither part is a series.
    /// </summary>
    /// <param name="catalog">The catalog of data operations.</param>
    /// <param name="data">The rows in time order. They are counted once; the parts read them when they are read themselves.</param>
    /// <param name="testFraction">The share of the rows in the test set, above 0 and below 1; the number of rows is rounded up.</param>
    /// <returns>The training set and the test set, which directly follows it.</returns>
    /// <remarks>
    /// To evaluate a forecaster, transform all of <paramref name="data"/> and evaluate from the first row of the test set on
    /// (<see cref="ForecastProtocol.Cut"/>): forecasts at that row need the rows before it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="testFraction"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">There are too few rows for both parts to have one.</exception>
    public static DataOperationsCatalog.TrainTestData SplitByTime(this DataOperationsCatalog catalog, IDataView data, double testFraction = 0.1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "testFraction must be above 0 and below 1.");
        MicrosoftMLVersion.Check();
        long rows = data.GetRowCount() ?? Count(data);
        long cut = rows - (long)decimal.Ceiling(rows * (decimal)testFraction);
        if (cut < 1)
            throw new ArgumentException($"data must have enough rows for a training set and a test set, but with {rows} {(rows == 1 ? "row" : "rows")} none is left for training.", nameof(data));
        return DataSplit.Of(catalog.TakeRows(data, cut), catalog.SkipRows(data, cut));
    }

    private static long Count(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        long rows = 0;
        while (cursor.MoveNext()) rows++;
        return rows;
    }
}
