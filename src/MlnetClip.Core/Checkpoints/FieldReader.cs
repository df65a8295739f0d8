using System.Globalization;
using System.Text;

namespace MlnetClip.Checkpoints;

/// <summary>Reads the fields of a binary entry that may be damaged: each is compared with its range, and sizes with the bytes that are left.</summary>
/// <remarks>All methods throw <see cref="InvalidDataException"/> with the field, its legal range and what was found.</remarks>
internal static class FieldReader
{
    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public static int ReadInt32(this BinaryReader reader, string field, int minimum = 0, long maximum = int.MaxValue) =>
        (int)Check(field, reader.ReadInt32(), minimum, maximum);

    /// <inheritdoc cref="ReadInt32"/>
    public static long ReadInt64(this BinaryReader reader, string field, long minimum = 0, long maximum = long.MaxValue) =>
        Check(field, reader.ReadInt64(), minimum, maximum);

    /// <summary>The number of things that follow, of which the entry must hold all.</summary>
    /// <param name="reader">The entry.</param>
    /// <param name="field">The field.</param>
    /// <param name="bytesEach">The fewest bytes of each of the things.</param>
    /// <param name="maximum">The largest legal number.</param>
    public static int ReadCount(this BinaryReader reader, string field, int bytesEach, long maximum = int.MaxValue)
    {
        int count = reader.ReadInt32(field, 0, maximum);
        reader.CheckLeft(field, count, bytesEach);
        return count;
    }

    /// <summary>Throws when the entry has fewer bytes left than a number of things takes.</summary>
    public static void CheckLeft(this BinaryReader reader, string field, long count, int bytesEach)
    {
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (count > left / bytesEach)
            throw Wrong(field, $"must fit into the {left} bytes that are left, {bytesEach} each", count.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A finite number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public static double ReadFinite(this BinaryReader reader, string field, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity) =>
        CheckFinite(field, reader.ReadDouble(), minimum, maximum);

    /// <summary>A number as <see cref="ReadFinite"/> reads it, or NaN.</summary>
    public static double ReadFiniteOrNaN(this BinaryReader reader, string field, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity)
    {
        double value = reader.ReadDouble();
        return double.IsNaN(value) ? value : CheckFinite(field, value, minimum, maximum);
    }

    /// <summary>A learning rate of single precision; NaN where there is none yet.</summary>
    public static float ReadRate(this BinaryReader reader, string field)
    {
        float value = reader.ReadSingle();
        return float.IsNaN(value) ? value : (float)CheckFinite(field, value, 0, double.PositiveInfinity);
    }

    /// <summary>A yes or no.</summary>
    public static bool ReadFlag(this BinaryReader reader, string field)
    {
        byte value = reader.ReadByte();
        return value <= 1 ? value == 1 : throw Wrong(field, "must be 0 or 1", value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A text as <see cref="BinaryWriter.Write(string)"/> writes it.</summary>
    public static string ReadText(this BinaryReader reader, string field)
    {
        int length;
        try
        {
            length = reader.Read7BitEncodedInt();
        }
        catch (FormatException)
        {
            length = -1;
        }

        if (length < 0) throw Wrong(field, "must be a text", "something else");
        reader.CheckLeft(field, length, 1);
        return Encoding.UTF8.GetString(reader.ReadBytes(length));
    }

    /// <summary>The error of a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="rule">What is legal, as the middle part of the sentence: <c>must be ...</c>.</param>
    /// <param name="got">What was found.</param>
    public static InvalidDataException Wrong(string field, string rule, string got) => new($"{field} {rule}, but was {got}");

    private static double CheckFinite(string field, double value, double minimum, double maximum)
    {
        if (double.IsFinite(value) && value >= minimum && value <= maximum) return value;
        string range = double.IsNegativeInfinity(minimum) ? "finite"
            : double.IsPositiveInfinity(maximum) ? string.Create(CultureInfo.InvariantCulture, $"finite and {minimum} or more")
            : string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}");
        throw Wrong(field, $"must be {range}", value.ToString("R", CultureInfo.InvariantCulture));
    }

    private static long Check(string field, long value, long minimum, long maximum)
    {
        if (value >= minimum && value <= maximum) return value;
        string range = maximum is int.MaxValue or long.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{minimum} or more")
            : string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}");
        throw Wrong(field, $"must be {range}", value.ToString(CultureInfo.InvariantCulture));
    }
}
