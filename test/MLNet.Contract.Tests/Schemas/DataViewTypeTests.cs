using Microsoft.ML.Data;

namespace MLNet.Contract.Tests.Schemas;

[TestClass]
public sealed class DataViewTypeTests
{
    private static IEnumerable<(DataViewType Type, Type Raw, string Text)> Simple =>
    [
        (NumberDataViewType.SByte, typeof(sbyte), "SByte"),
        (NumberDataViewType.Byte, typeof(byte), "Byte"),
        (NumberDataViewType.Int16, typeof(short), "Int16"),
        (NumberDataViewType.UInt16, typeof(ushort), "UInt16"),
        (NumberDataViewType.Int32, typeof(int), "Int32"),
        (NumberDataViewType.UInt32, typeof(uint), "UInt32"),
        (NumberDataViewType.Int64, typeof(long), "Int64"),
        (NumberDataViewType.UInt64, typeof(ulong), "UInt64"),
        (NumberDataViewType.Single, typeof(float), "Single"),
        (NumberDataViewType.Double, typeof(double), "Double"),
        (TextDataViewType.Instance, typeof(ReadOnlyMemory<char>), "String"),
        (BooleanDataViewType.Instance, typeof(bool), "Boolean"),
        (DateTimeDataViewType.Instance, typeof(DateTime), "DateTime"),
        (DateTimeOffsetDataViewType.Instance, typeof(DateTimeOffset), "DateTimeOffset"),
        (TimeSpanDataViewType.Instance, typeof(TimeSpan), "TimeSpan"),
        (RowIdDataViewType.Instance, typeof(DataViewRowId), "DataViewRowId"),
    ];

    [TestMethod]
    public void A_type_knows_what_its_values_are_and_prints_its_name()
    {
        foreach ((DataViewType type, Type raw, string text) in Simple)
        {
            Assert.AreEqual(raw, type.RawType);
            Assert.AreEqual(text, type.ToString());
        }
    }

    [TestMethod]
    public void Types_equal_themselves_alone()
    {
        foreach ((DataViewType type, _, string text) in Simple)
            Assert.AreEqual(text, Simple.Single(other => type.Equals(other.Type)).Text);
        Assert.IsFalse(TextDataViewType.Instance.Equals(null));
    }

    [TestMethod]
    public void A_key_is_equal_by_number_type_and_count()
    {
        var key = new KeyDataViewType(typeof(uint), 5);
        Assert.AreEqual(5ul, key.Count);
        Assert.AreEqual(typeof(uint), key.RawType);
        Assert.AreEqual("Key<UInt32, 0-4>", key.ToString());
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 5ul), key);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 5ul).GetHashCode(), key.GetHashCode());
        Assert.AreNotEqual(new KeyDataViewType(typeof(uint), 6), key);
        Assert.AreNotEqual(new KeyDataViewType(typeof(ushort), 5), key);
        Assert.IsFalse(key.Equals(NumberDataViewType.UInt32));
    }

    [TestMethod]
    [DataRow(typeof(byte), true)]
    [DataRow(typeof(ushort), true)]
    [DataRow(typeof(uint), true)]
    [DataRow(typeof(ulong), true)]
    [DataRow(typeof(int), false)]
    [DataRow(typeof(float), false)]
    [DataRow(typeof(Small), false)]
    public void A_key_is_an_unsigned_number(Type type, bool valid)
    {
        Assert.AreEqual(valid, KeyDataViewType.IsValidDataType(type));
        if (!valid)
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(type, 5));
    }

    private enum Small : byte;

    [TestMethod]
    public void A_key_has_a_positive_count_that_fits()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), -1));
    }

    [TestMethod]
    public void A_vector_knows_items_size_and_dimensions()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.AreEqual(6, vector.Size);
        Assert.IsTrue(vector.IsKnownSize);
        CollectionAssert.AreEqual(new[] { 2, 3 }, vector.Dimensions.ToArray());
        Assert.AreSame(NumberDataViewType.Single, vector.ItemType);
        Assert.AreEqual(typeof(VBuffer<float>), vector.RawType);
    }

    [TestMethod]
    public void A_vector_without_size_varies()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single);
        Assert.AreEqual(0, vector.Size);
        Assert.IsFalse(vector.IsKnownSize);
        Assert.IsFalse(new VectorDataViewType(NumberDataViewType.Single, 4, 0).IsKnownSize);
    }

    [TestMethod]
    public void A_vector_prints_its_shape()
    {
        Assert.AreEqual("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.AreEqual("Vector<Single, 6>", new VectorDataViewType(NumberDataViewType.Single, 6).ToString());
        Assert.AreEqual("Vector<String, 2, *>", new VectorDataViewType(TextDataViewType.Instance, 2, 0).ToString());
        Assert.AreEqual("Vector<Key<UInt32, 0-2>, 2>", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 2).ToString());
    }

    [TestMethod]
    public void A_vector_is_equal_by_items_and_dimensions()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 6);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6), vector);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6).GetHashCode(), vector.GetHashCode());
        Assert.AreNotEqual(new VectorDataViewType(NumberDataViewType.Single, 5), vector);
        Assert.AreNotEqual(new VectorDataViewType(NumberDataViewType.Single, 2, 3), vector);
        Assert.AreNotEqual(new VectorDataViewType(NumberDataViewType.Double, 6), vector);
        Assert.IsFalse(vector.Equals(NumberDataViewType.Single));
    }

    [TestMethod]
    public void A_vector_refuses_negative_sizes_and_no_items()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, 2, -1));
        Assert.ThrowsExactly<ArgumentNullException>(() => new VectorDataViewType(null, 2));
    }

    [TestMethod]
    public void A_row_id_orders_by_its_high_half_first()
    {
        var id = new DataViewRowId(low: 1, high: 2);
        Assert.AreEqual("00000000000000020000000000000001", id.ToString());
        Assert.AreEqual(new DataViewRowId(1, 2), id);
        Assert.AreNotEqual(new DataViewRowId(2, 1), id);
        Assert.IsLessThan(0, new DataViewRowId(9, 1).CompareTo(id));
    }
}
