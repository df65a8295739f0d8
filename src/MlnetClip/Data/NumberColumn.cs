using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Data;

/// <summary>Reads a column of numbers, or of vectors of numbers, in double precision.</summary>
internal static class NumberColumn
{
    /// <summary>Writes the column's values of the current row.</summary>
    public delegate void Reader(Span<double> values);

    /// <summary>What a covariate column may hold, for errors.</summary>
    public const string Legal = "Single, Double, Boolean, or a known-size vector of Single or Double";

    /// <summary>Whether a covariate column may have the type.</summary>
    public static bool IsLegal(DataViewType type) => SeriesReader.IsNumber(type) || type is BooleanDataViewType
        || (type is VectorDataViewType { IsKnownSize: true } vector && SeriesReader.IsNumber(vector.ItemType));

    /// <summary>Values of a row.</summary>
    public static int Width(DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>A reader of a column's values.</summary>
    public static Reader Of(DataViewRow row, DataViewSchema.Column column)
    {
        switch (column.Type)
        {
            case BooleanDataViewType:
                ValueGetter<bool> flag = row.GetGetter<bool>(column);
                bool isSet = false;
                return values =>
                {
                    flag(ref isSet);
                    values[0] = isSet ? 1 : 0;
                };
            case VectorDataViewType { ItemType: var item }:
                return item.Equals(NumberDataViewType.Double) ? Vector(row.GetGetter<VBuffer<double>>(column), value => value) : Vector(row.GetGetter<VBuffer<float>>(column), value => value);
            default:
                ValueGetter<double> getter = SeriesReader.Getter(row, column);
                return values => getter(ref values[0]);
        }
    }

    private static Reader Vector<T>(ValueGetter<VBuffer<T>> getter, Func<T, double> convert)
    {
        VBuffer<T> buffer = default;
        return values =>
        {
            getter(ref buffer);
            values.Clear();
            ReadOnlySpan<T> explicitValues = buffer.GetValues();
            ReadOnlySpan<int> indices = buffer.GetIndices();
            for (int i = 0; i < explicitValues.Length; i++) values[buffer.IsDense ? i : indices[i]] = convert(explicitValues[i]);
        };
    }
}
