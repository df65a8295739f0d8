using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Data;

[TestClass]
public sealed class CreateEnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Partial
    {
        public float Value { get; set; }

        public float Missing { get; set; } = 42;
    }

    private sealed class Wrong
    {
        public double Value { get; set; }
    }

    private sealed class ReadOnly
    {
        public float Value { get; set; }

        public float Computed => Value + 1;
    }

    [TestMethod]
    public void Rows_come_back_as_they_went_in()
    {
        Reading[] back = [.. _ml.Data.CreateEnumerable<Reading>(_ml.Data.LoadFromEnumerable(Reading.Three), reuseRowObject: false)];
        Assert.HasCount(3, back);
        Assert.AreEqual(1.5f, back[0].Value);
        Assert.IsTrue(float.IsNaN(back[1].Value));
        Assert.AreEqual("one", back[0].Text);
        Assert.AreEqual("", back[1].Text);
        Assert.IsTrue(back[2].Flag);
        Assert.AreEqual(Reading.Three[0].Time, back[0].Time);
        CollectionAssert.AreEqual(new float[] { 4, 5, 6 }, back[1].Features);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, back[2].AnyLength);
    }

    [TestMethod]
    public void One_object_serves_all_rows_when_wished()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Number.UpTo(3));
        Number? before = null;
        float sum = 0;
        foreach (Number row in _ml.Data.CreateEnumerable<Number>(data, reuseRowObject: true))
        {
            Assert.AreSame(before ?? row, row);
            before = row;
            sum += row.Value;
        }

        Assert.AreEqual(3, sum);
        Assert.HasCount(3, _ml.Data.CreateEnumerable<Number>(data, reuseRowObject: false).Distinct().ToArray());
    }

    [TestMethod]
    public void A_missing_column_is_an_error_unless_ignored()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Number.UpTo(1));
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Partial>(data, reuseRowObject: false));
        Assert.Contains("Could not find  column 'Missing'", exception.Message);
        Assert.AreEqual(42, _ml.Data.CreateEnumerable<Partial>(data, reuseRowObject: false, ignoreMissingColumns: true).Single().Missing);
    }

    [TestMethod]
    public void A_member_of_another_type_is_an_error()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Number.UpTo(1));
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.CreateEnumerable<Wrong>(data, reuseRowObject: false));
        Assert.AreEqual("Can't bind the IDataView column 'Value' of type 'Single' to field or property 'Value' of type 'System.Double'.", exception.Message);
    }

    [TestMethod]
    public void A_member_that_cannot_be_set_is_no_column()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Number.UpTo(2));
        Assert.AreEqual(2, _ml.Data.CreateEnumerable<ReadOnly>(data, reuseRowObject: false).Last().Computed);
        Assert.HasCount(2, _ml.Data.LoadFromEnumerable(new ReadOnly[1]).Schema);
    }

    [TestMethod]
    public void Nothing_is_read_before_it_is_asked_for()
    {
        static IEnumerable<Number> Source()
        {
            yield return new Number();
            throw new InvalidDataException("second row");
        }

        IEnumerable<Number> rows = _ml.Data.CreateEnumerable<Number>(_ml.Data.LoadFromEnumerable(Source()), reuseRowObject: false);
        Assert.AreEqual(0, rows.First().Value);
        Assert.ThrowsExactly<InvalidDataException>(() => rows.Count());
    }
}
