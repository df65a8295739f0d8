using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Data;

/// <summary>Taking, skipping, shuffling, splitting and caching rows.</summary>
[TestClass]
public sealed class RowSelectionTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _ten;

    public RowSelectionTests() => _ten = _ml.Data.LoadFromEnumerable(Number.UpTo(10));

    private static float[] Values(IDataView data) => [.. Rows.Column<float>(data, "Value")];

    private static float[] Range(int start, int count) => [.. Enumerable.Range(start, count).Select(i => (float)i)];

    [TestMethod]
    public void The_first_rows_are_taken_or_skipped()
    {
        CollectionAssert.AreEqual(Range(0, 3), Values(_ml.Data.TakeRows(_ten, 3)));
        CollectionAssert.AreEqual(Range(3, 7), Values(_ml.Data.SkipRows(_ten, 3)));
        CollectionAssert.AreEqual(Range(2, 3), Values(_ml.Data.TakeRows(_ml.Data.SkipRows(_ten, 2), 3)));
    }

    [TestMethod]
    public void There_may_be_fewer_rows_than_that()
    {
        CollectionAssert.AreEqual(Range(0, 10), Values(_ml.Data.TakeRows(_ten, 100)));
        Assert.IsEmpty(Values(_ml.Data.SkipRows(_ten, 100)));
    }

    [TestMethod]
    public void Counts_of_rows_follow()
    {
        Assert.AreEqual(3, _ml.Data.TakeRows(_ten, 3).GetRowCount());
        Assert.AreEqual(10, _ml.Data.TakeRows(_ten, 30).GetRowCount());
        Assert.AreEqual(7, _ml.Data.SkipRows(_ten, 3).GetRowCount());
        Assert.AreEqual(0, _ml.Data.SkipRows(_ten, 30).GetRowCount());
        Assert.IsNull(_ml.Data.TakeRows(_ml.Data.LoadFromEnumerable(Number.UpTo(10).Where(_ => true)), 3).GetRowCount());
        Assert.IsFalse(_ml.Data.TakeRows(_ml.Data.Cache(_ten), 3).CanShuffle);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    public void A_count_is_positive(long count)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(_ten, count));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(_ten, count));
    }

    [TestMethod]
    public void Shuffling_permutes_the_rows_by_the_seed()
    {
        IDataView hundred = _ml.Data.LoadFromEnumerable(Number.UpTo(100));
        float[] once = Values(_ml.Data.ShuffleRows(hundred, seed: 5));
        CollectionAssert.AreNotEqual(Range(0, 100), once);
        CollectionAssert.AreEquivalent(Range(0, 100), once);
        CollectionAssert.AreEqual(once, Values(_ml.Data.ShuffleRows(hundred, seed: 5)));
        CollectionAssert.AreNotEqual(once, Values(_ml.Data.ShuffleRows(hundred, seed: 6)));
    }

    [TestMethod]
    public void A_shuffled_view_keeps_its_order_and_its_rows_together()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Reading { Value = i, Text = $"{i}" }).ToArray());
        IDataView shuffled = _ml.Data.ShuffleRows(data);
        CollectionAssert.AreEqual(Values(shuffled), Values(shuffled));
        foreach (Reading row in _ml.Data.CreateEnumerable<Reading>(shuffled, reuseRowObject: false))
            Assert.AreEqual($"{row.Value}", row.Text);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.ShuffleRows(data, shufflePoolSize: 0));
    }

    [TestMethod]
    public void A_split_puts_each_row_on_one_side_in_order_and_by_the_seed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Number.UpTo(1000));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(data, testFraction: 0.25);
        float[] train = Values(split.TrainSet), test = Values(split.TestSet);
        CollectionAssert.AreEquivalent(Range(0, 1000), train.Concat(test).ToArray());
        CollectionAssert.AreEqual(train.Order().ToArray(), train);
        CollectionAssert.AreEqual(test.Order().ToArray(), test);
        Assert.IsInRange(180, 320, test.Length);
        CollectionAssert.AreEqual(test, Values(split.TestSet));
        CollectionAssert.AreEqual(test, Values(new MLContext(seed: 1).Data.TrainTestSplit(data, testFraction: 0.25).TestSet));
        CollectionAssert.AreNotEqual(test, Values(_ml.Data.TrainTestSplit(data, testFraction: 0.25, seed: 99).TestSet));
        CollectionAssert.AreEqual(new[] { "Value" }, Rows.Names(split.TrainSet.Schema));
        Assert.IsNull(split.TrainSet.GetRowCount());
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void A_test_fraction_lies_between_0_and_1(double fraction) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(_ten, fraction));

    [TestMethod]
    public void A_cache_reads_its_source_once()
    {
        int read = 0;
        IDataView source = _ml.Data.LoadFromEnumerable(Number.UpTo(5).Select(n =>
        {
            Interlocked.Increment(ref read);
            return n;
        }));
        IDataView cached = _ml.Data.Cache(source);
        CollectionAssert.AreEqual(Range(0, 5), Values(cached));
        CollectionAssert.AreEqual(Range(0, 5), Values(cached));
        Assert.AreEqual(5, read);
        Assert.AreEqual(5, cached.GetRowCount());
    }

    [TestMethod]
    public void A_cache_can_be_read_in_random_order()
    {
        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Number.UpTo(100)));
        Assert.IsTrue(cached.CanShuffle);
        float[] shuffled = [.. Rows.Column<float>(cached, "Value", new Random(3))];
        CollectionAssert.AreNotEqual(Range(0, 100), shuffled);
        CollectionAssert.AreEquivalent(Range(0, 100), shuffled);
        CollectionAssert.AreEqual(Range(0, 100), Values(cached));
    }

    [TestMethod]
    public void A_cache_keeps_every_kind_of_column()
    {
        IDataView cached = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Reading.Three), "Text");
        CollectionAssert.AreEqual(new[] { "one", "", "" }, cached.GetColumn<string>("Text").ToArray());
        CollectionAssert.AreEqual(new float[] { 7, 8, 9 }, cached.GetColumn<float[]>("Features").Last());
        CollectionAssert.AreEqual(new[] { 1, 0, 4 }, cached.GetColumn<float[]>("AnyLength").Select(v => v.Length).ToArray());
        Assert.Contains("Could not find prefetch column 'None'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.Cache(_ten, "None")).Message);
    }
}
