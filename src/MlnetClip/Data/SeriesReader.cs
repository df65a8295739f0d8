using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Data;

/// <summary>Reads one column of an <see cref="IDataView"/> in row order, in double precision whatever the column's type.</summary>
internal static class SeriesReader
{
    /// <summary>Whether a column of the type can be read as a series.</summary>
    public static bool IsNumber(DataViewType type) => type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double);

    /// <summary>Appends the column's values to a list; NaN is a missing value.</summary>
    /// <param name="values">Receives the rows.</param>
    /// <param name="data">The data; its rows are in time order.</param>
    /// <param name="columnName">A column of type Single or Double.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A value is infinite, or too large.</exception>
    public static void Read(List<double> values, IDataView data, string columnName, CancellationToken cancellation)
    {
        var column = data.Schema[columnName];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<double> getter = Getter(cursor, column);
        double value = 0;
        while (cursor.MoveNext())
        {
            if ((cursor.Position & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            getter(ref value);
            Check(value, columnName, cursor.Position);
            values.Add(value);
        }
    }

    /// <summary>A getter of the column's values in double precision.</summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">A column of type Single or Double.</param>
    public static ValueGetter<double> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.Equals(NumberDataViewType.Double)) return row.GetGetter<double>(column);
        ValueGetter<float> single = row.GetGetter<float>(column);
        float read = 0;
        return (ref double value) =>
        {
            single(ref read);
            value = read;
        };
    }

    /// <summary>Throws if a value is infinite or beyond the range of Single, because it would make every window with it useless.</summary>
    public static void Check(double value, string columnName, long row)
    {
        if (!(Math.Abs(value) > float.MaxValue)) return;
        bool infinite = double.IsInfinity(value);
        string found = infinite ? value > 0 ? "infinity" : "-infinity" : FormattableString.Invariant($"{value:R}");
        throw new InvalidDataException(infinite
            ? $"Column '{columnName}' must hold finite numbers or NaN for missing ones, but row {row} (from 0) is {found}.{Environment.NewLine}Hint: mark the value as missing (NaN), or correct it."
            : $"Column '{columnName}' must hold numbers from -3.4e38 to 3.4e38, but row {row} (from 0) is {found}.{Environment.NewLine}Hint: divide the column by a constant.");
    }
}
