using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Tests.Scoring;

/// <summary>Rows read ahead are the rows themselves, no more are read than were asked for before, and an error is thrown at its own row.</summary>
[TestClass]
public sealed class ReadAheadCursorTests
{
    private const int Count = 150;

    private readonly MLContext _context = new(seed: 1);

    public sealed class Item
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";

        public bool Even { get; set; }

        public float[] Values { get; set; } = [];
    }

    [TestMethod]
    public void RowsAreWhatTheyAreWithoutReadingAhead()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Items());
        string[] expected = [.. Lines(data.GetRowCursor(data.Schema))];
        Assert.HasCount(Count, expected);
        Assert.AreSequenceEqual(expected, Lines(new ReadAheadCursor(data.GetRowCursor(data.Schema))).ToArray(), "passed through");
        Assert.AreSequenceEqual(expected, Lines(Ahead(data.GetRowCursor(data.Schema))).ToArray(), "read ahead");
        Assert.AreSequenceEqual(expected, Lines(Ahead(Ahead(data.GetRowCursor(data.Schema)))).ToArray(), "read ahead twice");
    }

    [TestMethod]
    public void NoMoreRowsAreReadAheadThanWereAskedFor()
    {
        int read = 0;
        IDataView data = _context.Data.LoadFromEnumerable(Items().Select(item =>
        {
            read++;
            return item;
        }));
        using ReadAheadCursor cursor = Ahead(data.GetRowCursor(data.Schema));
        for (int asked = 1; asked <= Count; asked++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.IsTrue(read >= asked && read <= Math.Min(2 * asked, asked + 64), $"{asked} rows were asked for, and {read} were read.");
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void AnErrorIsThrownAtItsOwnRow()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Items().Select(item => item.Number == 40 ? throw new IOException("row 40") : item));
        using ReadAheadCursor cursor = Ahead(data.GetRowCursor(data.Schema));
        ValueGetter<int> number = cursor.GetGetter<int>(cursor.Schema["Number"]);
        int value = 0;
        for (int n = 0; n < 40; n++)
        {
            Assert.IsTrue(cursor.MoveNext());
            number(ref value);
            Assert.AreEqual(n, value);
        }

        Assert.AreEqual("row 40", Assert.ThrowsExactly<IOException>(() => cursor.MoveNext()).Message);
    }

    [TestMethod]
    public void ARowIsReadBetweenTheFirstAndTheLast()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Items().Take(3));
        using ReadAheadCursor cursor = Ahead(data.GetRowCursor([data.Schema["Number"]]));
        ValueGetter<int> number = cursor.GetGetter<int>(cursor.Schema["Number"]);
        int value = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => number(ref value));
        while (cursor.MoveNext()) number(ref value);
        Assert.AreEqual(2, value);
        Assert.ThrowsExactly<InvalidOperationException>(() => number(ref value));
        Assert.IsFalse(cursor.IsColumnActive(cursor.Schema["Text"]));
        Assert.IsFalse(new ReadAheadCursor(AtFirstRow(data)).TryReadAhead(), "a cursor that has moved");
    }

    private static DataViewRowCursor AtFirstRow(IDataView data)
    {
        DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Assert.IsTrue(cursor.MoveNext());
        return cursor;
    }

    private static IEnumerable<Item> Items() => Enumerable.Range(0, Count).Select(number => new Item
    {
        Number = number, Text = $"row {number}", Even = number % 2 == 0, Values = [.. Enumerable.Range(0, number % 5).Select(n => (float)(number + n))],
    });

    private static ReadAheadCursor Ahead(DataViewRowCursor cursor)
    {
        var ahead = new ReadAheadCursor(cursor);
        Assert.IsTrue(ahead.TryReadAhead());
        return ahead;
    }

    private static IEnumerable<string> Lines(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var number = cursor.GetGetter<int>(cursor.Schema["Number"]);
            var text = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Text"]);
            var even = cursor.GetGetter<bool>(cursor.Schema["Even"]);
            var values = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Values"]);
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            int n = 0;
            ReadOnlyMemory<char> t = default;
            bool e = false;
            VBuffer<float> v = default;
            DataViewRowId i = default;
            while (cursor.MoveNext())
            {
                number(ref n);
                text(ref t);
                even(ref e);
                values(ref v);
                id(ref i);
                yield return $"{n} {t} {e} {string.Join(' ', v.DenseValues())} {cursor.Position} {cursor.Batch} {i}";
            }
        }
    }
}
