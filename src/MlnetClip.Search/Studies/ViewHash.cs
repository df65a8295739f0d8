using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Search.Studies;

/// <summary>Identifies the values of a view: numbers, texts, times and vectors of them, in the order of the rows.</summary>
internal static class ViewHash
{
    private delegate Action Appender(DataViewRowCursor cursor, DataViewSchema.Column column, IncrementalHash hash);

    private static readonly Dictionary<Type, Appender> Appenders = new([
        .. Of<bool>(), .. Of<sbyte>(), .. Of<byte>(), .. Of<short>(), .. Of<ushort>(), .. Of<int>(), .. Of<uint>(), .. Of<long>(), .. Of<ulong>(), .. Of<float>(), .. Of<double>(),
        .. Of<TimeSpan>(), .. Of<DateTime>(), .. Of<ReadOnlyMemory<char>, char>(text => text.Span), .. Of<DateTimeOffset, long>(time => new long[] { time.Ticks, time.Offset.Ticks }),
    ]);

    /// <summary>The first half of the SHA-256 hash, as hexadecimal text. Columns of other types, such as images, are not read.</summary>
    public static string Of(IDataView data)
    {
        DataViewSchema.Column[] columns = [.. data.Schema.Where(column => !column.IsHidden && Appenders.ContainsKey(column.Type.RawType))];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Action[] appenders = Array.ConvertAll(columns, column => Appenders[column.Type.RawType](cursor, column, hash));
        while (cursor.MoveNext())
            foreach (Action append in appenders) append();
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static IEnumerable<KeyValuePair<Type, Appender>> Of<T>()
        where T : unmanaged => Of<T, T>(value => new T[] { value });

    /// <summary>How values of a type, and vectors of them, are added, each with its length.</summary>
    private static IEnumerable<KeyValuePair<Type, Appender>> Of<T, TPart>(Func<T, ReadOnlySpan<TPart>> parts)
        where TPart : unmanaged
    {
        void Add(T value, IncrementalHash hash)
        {
            ReadOnlySpan<TPart> span = parts(value);
            hash.AppendData(BitConverter.GetBytes(span.Length));
            hash.AppendData(MemoryMarshal.AsBytes(span));
        }

        yield return new(typeof(T), (cursor, column, hash) =>
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                Add(value, hash);
            };
        });
        yield return new(typeof(VBuffer<T>), (cursor, column, hash) =>
        {
            ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return () =>
            {
                getter(ref vector);
                hash.AppendData(BitConverter.GetBytes(vector.Length));
                foreach (T value in vector.DenseValues()) Add(value, hash);
            };
        });
    }
}
