using Microsoft.ML;

namespace MlnetClip.Data;

/// <summary>Reads one column of an <see cref="IDataView"/> in row order.</summary>
internal static class SeriesReader
{
    /// <summary>Appends the column's values to a list; NaN is a missing value.</summary>
    /// <param name="values">Receives the rows.</param>
    /// <param name="data">The data; its rows are in time order.</param>
    /// <param name="columnName">A column of type Single.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A value is infinite.</exception>
    public static void Read(List<float> values, IDataView data, string columnName, CancellationToken cancellation)
    {
        var column = data.Schema[columnName];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<float> getter = cursor.GetGetter<float>(column);
        float value = 0;
        while (cursor.MoveNext())
        {
            if ((cursor.Position & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            getter(ref value);
            RefuseInfinite(value, columnName, cursor.Position);
            values.Add(value);
        }
    }

    /// <summary>Throws where a value is infinite: it would poison every window that holds it.</summary>
    public static void RefuseInfinite(float value, string columnName, long row)
    {
        if (!float.IsInfinity(value)) return;
        throw new InvalidDataException(
            $"Column '{columnName}' must hold finite numbers or NaN for missing ones, but row {row} (from 0) is {(value > 0 ? "infinity" : "-infinity")}."
            + $"{Environment.NewLine}Hint: mark the value as missing (NaN), or correct it.");
    }
}
