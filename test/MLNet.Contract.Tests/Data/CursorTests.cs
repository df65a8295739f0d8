using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Data;

/// <summary>The rules of cursors, on each kind of view.</summary>
[TestClass]
public sealed class CursorTests
{
    private static readonly MLContext Ml = new(seed: 1);

    /// <summary>Five rows of a column Value (0 to 4), from each source and through each view.</summary>
    private static IEnumerable<(string Name, IDataView Data)> Views()
    {
        IDataView source = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Reading { Value = i, Features = [i, i, i] }).ToArray());
        yield return ("enumerable", source);
        yield return ("cache", Ml.Data.Cache(source));
        yield return ("take", Ml.Data.TakeRows(source, 5));
        yield return ("copy", Ml.Transforms.CopyColumns("Copy", "Value").Fit(source).Transform(source));
        yield return ("concatenate", Ml.Transforms.Concatenate("Both", "Value", "Features").Fit(source).Transform(source));
        yield return ("drop", Ml.Transforms.DropColumns("Text").Fit(source).Transform(source));
    }

    [TestMethod]
    public void A_cursor_counts_its_rows_from_before_the_first_to_after_the_last()
    {
        foreach ((string name, IDataView data) in Views())
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
            Assert.AreEqual(-1, cursor.Position, name);
            for (int row = 0; row < 5; row++)
            {
                Assert.IsTrue(cursor.MoveNext(), name);
                Assert.AreEqual(row, cursor.Position, name);
            }

            Assert.IsFalse(cursor.MoveNext(), name);
            Assert.AreEqual(-1, cursor.Position, name);
            Assert.IsFalse(cursor.MoveNext(), name);
        }
    }

    [TestMethod]
    public void The_columns_asked_for_are_active()
    {
        foreach ((string name, IDataView data) in Views())
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
            Assert.IsTrue(cursor.IsColumnActive(data.Schema["Value"]), name);
            Assert.IsFalse(cursor.IsColumnActive(data.Schema["When"]), name);
            Assert.AreSame(data.Schema, cursor.Schema, name);
        }
    }

    [TestMethod]
    public void A_column_that_is_not_active_has_no_getter()
    {
        foreach ((string name, IDataView data) in Views())
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
            Exception exception = Assert.Throws<Exception>(() => cursor.GetGetter<DateTime>(data.Schema["When"]), name);
            Assert.IsTrue(exception is ArgumentOutOfRangeException or InvalidOperationException, $"{name}: {exception}");
        }
    }

    [TestMethod]
    public void A_getter_is_of_the_columns_own_type()
    {
        foreach ((string name, IDataView data) in Views())
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["Value"]), name);
        }
    }

    [TestMethod]
    public void Getters_taken_before_the_first_row_serve_all_rows_and_any_number_of_times()
    {
        foreach ((string name, IDataView data) in Views())
        {
            using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Value"]]);
            ValueGetter<float> getter = cursor.GetGetter<float>(data.Schema["Value"]);
            float value = -1;
            for (int row = 0; cursor.MoveNext(); row++)
            {
                getter(ref value);
                getter(ref value);
                Assert.AreEqual(row, value, name);
            }
        }
    }

    [TestMethod]
    public void Row_ids_differ_and_are_the_same_for_the_next_cursor()
    {
        foreach ((string name, IDataView data) in Views())
        {
            List<DataViewRowId> first = Ids(data), second = Ids(data);
            Assert.AreEqual(5, first.Distinct().Count(), name);
            CollectionAssert.AreEqual(first, second, name);
        }
    }

    private static List<DataViewRowId> Ids(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        List<DataViewRowId> ids = [];
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id);
        }

        return ids;
    }

    [TestMethod]
    public void A_cursor_without_columns_has_all_rows()
    {
        foreach ((string name, IDataView data) in Views())
            Assert.HasCount(5, Ids(data), name);
    }

    [TestMethod]
    public void A_set_of_cursors_covers_each_row_once()
    {
        foreach ((string name, IDataView data) in Views())
        {
            List<float> values = [];
            foreach (DataViewRowCursor cursor in data.GetRowCursorSet([data.Schema["Value"]], 1))
            {
                using (cursor)
                {
                    ValueGetter<float> getter = cursor.GetGetter<float>(data.Schema["Value"]);
                    float value = 0;
                    while (cursor.MoveNext())
                    {
                        getter(ref value);
                        values.Add(value);
                    }
                }
            }

            CollectionAssert.AreEquivalent(new float[] { 0, 1, 2, 3, 4 }, values, name);
        }
    }

    [TestMethod]
    public void A_value_kept_is_not_changed_by_the_rows_after_it()
    {
        foreach ((string name, IDataView data) in Views())
        {
            DataViewSchema.Column column = data.Schema["Features"];
            using DataViewRowCursor cursor = data.GetRowCursor([column]);
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> first = default, second = default;
            cursor.MoveNext();
            getter(ref first);
            cursor.MoveNext();
            getter(ref second);
            CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, first.Dense(), name);
            CollectionAssert.AreEqual(new float[] { 1, 1, 1 }, second.Dense(), name);
        }
    }

    [TestMethod]
    public void A_column_of_another_schema_is_refused()
    {
        IDataView wide = Ml.Data.LoadFromEnumerable(Reading.Three), narrow = Ml.Data.LoadFromEnumerable(Number.UpTo(1));
        Assert.ThrowsExactly<InvalidOperationException>(() => narrow.GetRowCursor([wide.Schema[wide.Schema.Count - 1]]));
        Assert.ThrowsExactly<ArgumentNullException>(() => narrow.GetRowCursor(null));
    }
}
