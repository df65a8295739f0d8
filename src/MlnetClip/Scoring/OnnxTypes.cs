using System.Globalization;
using Microsoft.ML.Data;

namespace MlnetClip.Scoring;

/// <summary>How the types of columns are written in ONNX.</summary>
internal static class OnnxTypes
{
    private static readonly HashSet<Type> s_numbers =
        [typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double)];

    /// <summary>The .NET type of a column's elements: string for texts, and the raw type of keys; null where ONNX has no such type.</summary>
    public static Type? ElementOf(DataViewType type)
    {
        Type raw = ((type as VectorDataViewType)?.ItemType ?? type).RawType;
        return raw == typeof(ReadOnlyMemory<char>) ? typeof(string) : s_numbers.Contains(raw) ? raw : null;
    }

    /// <summary>The dimensions of a column after the rows.</summary>
    public static OnnxSize[] Sizes(DataViewType type) => type switch
    {
        VectorDataViewType { IsKnownSize: true } vector => [.. vector.Dimensions.Select(size => new OnnxSize(size))],
        VectorDataViewType => [new OnnxSize(-1, "L")],
        _ => [new OnnxSize(1)],
    };

    /// <summary>Integers as an array of a smaller type.</summary>
    public static Array Convert(int[] values, Type type)
    {
        var converted = Array.CreateInstance(type, values.Length);
        for (int i = 0; i < values.Length; i++) converted.SetValue(System.Convert.ChangeType(values[i], type, CultureInfo.InvariantCulture), i);
        return converted;
    }
}
