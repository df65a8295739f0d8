using System.Buffers;
using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Parses a field of text into a value; false where it is none.</summary>
internal delegate bool FieldParser<T>(string text, out T value);

/// <summary>The parsers for each type of item.</summary>
internal static class FieldParsers
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.eE");

    public static FieldParser<T> For<T>(bool missingRealsAsNaNs) => (FieldParser<T>)(Delegate)(Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Single => (FieldParser<float>)((string text, out float value) =>
        {
            bool ok = Real(text, missingRealsAsNaNs, out double real);
            value = (float)real;
            return ok;
        }),
        TypeCode.Double => (FieldParser<double>)((string text, out double value) => Real(text, missingRealsAsNaNs, out value)),
        TypeCode.Boolean => (FieldParser<bool>)Boolean,
        TypeCode.SByte => Signed<sbyte>(),
        TypeCode.Int16 => Signed<short>(),
        TypeCode.Int32 => Signed<int>(),
        TypeCode.Int64 => Signed<long>(),
        TypeCode.Byte => Unsigned<byte>(),
        TypeCode.UInt16 => Unsigned<ushort>(),
        TypeCode.UInt32 => Unsigned<uint>(),
        TypeCode.UInt64 => Unsigned<ulong>(),
        TypeCode.DateTime => (FieldParser<DateTime>)((string text, out DateTime value) =>
        {
            value = default;
            return text.Length == 0 || DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
        }),
        _ when typeof(T) == typeof(ReadOnlyMemory<char>) => (FieldParser<ReadOnlyMemory<char>>)((string text, out ReadOnlyMemory<char> value) =>
        {
            value = text.AsMemory();
            return true;
        }),
        _ => throw Runtime.Unsupported.Member($"Loading {typeof(T).Name} from text"),
    });

    // An unparsable real is NaN, and so is a word for missing, which is no fault.
    private static bool Real(string text, bool emptyIsNaN, out double value)
    {
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        switch (number)
        {
            case "":
                value = emptyIsNaN ? double.NaN : 0;
                return true;
            case "?" or "NaN":
                value = double.NaN;
                return true;
            case "Infinity" or "\u221E":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity" or "-\u221E":
                value = double.NegativeInfinity;
                return true;
        }

        if (!number.ContainsAnyExcept(NumberCharacters) && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return true;
        value = double.NaN;
        return text.Equals("NA", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase) || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);
    }

    private static FieldParser<T> Signed<T>() where T : struct, System.Numerics.IBinaryInteger<T> => (string text, out T value) =>
    {
        value = default;
        return text.Length == 0 || T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text[0] != '+';
    };

    private static FieldParser<T> Unsigned<T>() where T : struct, System.Numerics.IBinaryInteger<T> => (string text, out T value) =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Boolean(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "T" or "YES" or "Y" or "1" or "+1" or "+";
        return value || text.ToUpperInvariant() is "" or "FALSE" or "F" or "NO" or "N" or "0" or "-1" or "-";
    }
}
