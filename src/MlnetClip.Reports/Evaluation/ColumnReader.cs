using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Reports.Evaluation;

/// <summary>Reads columns of a row whatever their numeric type is.</summary>
internal static class ColumnReader
{
    private static readonly MethodInfo TextOf = typeof(ColumnReader).GetMethod(nameof(AsText), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>A number of type Single or Double.</summary>
    public static Func<double> Number(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(double))
        {
            ValueGetter<double> read = row.GetGetter<double>(column);
            double value = 0;
            return () =>
            {
                read(ref value);
                return value;
            };
        }

        ValueGetter<float> readSingle = row.GetGetter<float>(column);
        float single = 0;
        return () =>
        {
            readSingle(ref single);
            return single;
        };
    }

    /// <summary>A vector of type Single or Double; each call returns a new array.</summary>
    public static Func<double[]> Vector(DataViewRow row, DataViewSchema.Column column)
    {
        if (((VectorDataViewType)column.Type).ItemType.RawType == typeof(double))
        {
            ValueGetter<VBuffer<double>> read = row.GetGetter<VBuffer<double>>(column);
            VBuffer<double> values = default;
            return () =>
            {
                read(ref values);
                return [.. values.DenseValues()];
            };
        }

        ValueGetter<VBuffer<float>> readSingles = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> singles = default;
        return () =>
        {
            readSingles(ref singles);
            return [.. singles.DenseValues().Select(value => (double)value)];
        };
    }

    /// <summary>A value of any type as text.</summary>
    public static Func<string> Text(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)TextOf.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    private static Func<string> AsText<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> read = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            read(ref value);
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        };
    }
}
