using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Data;

[TestClass]
public sealed class EnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Members_become_columns_by_their_attributes()
    {
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Three).Schema;
        CollectionAssert.AreEquivalent(new[] { "Value", "Text", "Flag", "Features", "AnyLength", "When" }, Rows.Names(schema));
        Assert.AreEqual(NumberDataViewType.Single, schema["Value"].Type);
        Assert.AreEqual(TextDataViewType.Instance, schema["Text"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["Flag"].Type);
        Assert.AreEqual(DateTimeDataViewType.Instance, schema["When"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Features"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), schema["AnyLength"].Type);
    }

    [TestMethod]
    public void Values_come_in_order()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Three);
        CollectionAssert.AreEqual(new[] { 1.5f, float.NaN, -3f }, Rows.Column<float>(data, "Value"));
        CollectionAssert.AreEqual(new[] { true, false, true }, Rows.Column<bool>(data, "Flag"));
        Assert.AreEqual(Reading.Three[0].Time, Rows.Column<DateTime>(data, "When")[0]);
    }

    [TestMethod]
    public void A_null_text_is_empty_and_a_null_vector_has_no_items()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Three);
        CollectionAssert.AreEqual(new[] { "one", "", "" }, Rows.Column<ReadOnlyMemory<char>>(data, "Text").ConvertAll(t => t.ToString()));
        CollectionAssert.AreEqual(new[] { 1, 0, 4 }, data.GetColumn<float[]>("AnyLength").Select(v => v.Length).ToArray());
    }

    [TestMethod]
    public void The_row_count_is_known_of_collections_alone()
    {
        Assert.AreEqual(3, _ml.Data.LoadFromEnumerable(Reading.Three).GetRowCount());
        Assert.AreEqual(3, _ml.Data.LoadFromEnumerable(Reading.Three.ToHashSet()).GetRowCount());
        Assert.IsNull(_ml.Data.LoadFromEnumerable(Reading.Three.Where(_ => true)).GetRowCount());
        Assert.IsFalse(_ml.Data.LoadFromEnumerable(Reading.Three).CanShuffle);
    }

    [TestMethod]
    public void Each_cursor_enumerates_afresh()
    {
        int enumerations = 0;
        IEnumerable<Number> Source()
        {
            enumerations++;
            yield return new Number { Value = enumerations };
        }

        IDataView data = _ml.Data.LoadFromEnumerable(Source());
        Assert.AreEqual(0, enumerations);
        Assert.AreEqual(1, Rows.Column<float>(data, "Value")[0]);
        Assert.AreEqual(2, Rows.Column<float>(data, "Value")[0]);
    }

    [TestMethod]
    public void A_null_row_is_an_error_when_reached()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new Number[] { new(), null! });
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(() => Rows.Column<float>(data, "Value"));
        Assert.AreEqual("Encountered null when iterating over data, this is not supported.", exception.Message);
    }

    [TestMethod]
    public void Null_data_is_refused() => Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Data.LoadFromEnumerable((Number[])null!));

    private sealed class Unsupported
    {
        public object? Thing { get; set; }
    }

    [TestMethod]
    public void A_member_of_unknown_type_is_named()
    {
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new Unsupported[1]));
        Assert.Contains("Could not determine an IDataView type and registered custom types for member Thing", exception.Message);
    }

    private sealed class Twice
    {
        public float Value { get; set; }

        [ColumnName("Value")]
        public float Other { get; set; }
    }

    [TestMethod]
    public void Two_members_cannot_be_one_column()
    {
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(new Twice[1]));
        Assert.Contains("Duplicate column name 'Value' detected", exception.Message);
    }

    private sealed class EveryType
    {
        public double Double { get; set; }
        public int Int { get; set; }
        public long Long { get; set; }
        public uint UInt { get; set; }
        public string[]? Texts { get; set; }
        public VBuffer<float> Buffer { get; set; }
        public ReadOnlyMemory<char> Memory { get; set; }
        public TimeSpan Span { get; set; }
        public DateTimeOffset Offset { get; set; }
    }

    [TestMethod]
    public void Other_types_of_members_work_too()
    {
        var row = new EveryType { Double = 2.5, Int = -1, Long = 1L << 40, UInt = 7, Texts = ["a", "b"], Buffer = new(3, 1, [5], [1]), Memory = "xyz".AsMemory(), Span = TimeSpan.FromHours(1), Offset = new(2001, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)) };
        IDataView data = _ml.Data.LoadFromEnumerable([row]);
        EveryType back = _ml.Data.CreateEnumerable<EveryType>(data, reuseRowObject: false).Single();
        Assert.AreEqual(row.Double, back.Double);
        Assert.AreEqual(row.Int, back.Int);
        Assert.AreEqual(row.Long, back.Long);
        Assert.AreEqual(row.UInt, back.UInt);
        CollectionAssert.AreEqual(row.Texts, back.Texts);
        CollectionAssert.AreEqual(new float[] { 0, 5, 0 }, back.Buffer.Dense());
        Assert.AreEqual("xyz", back.Memory.ToString());
        Assert.AreEqual(row.Span, back.Span);
        Assert.AreEqual(row.Offset, back.Offset);
    }

    [TestMethod]
    public void A_definition_sets_names_and_sizes_at_run_time()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Reading));
        definition["AnyLength"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        definition["Value"].ColumnName = "Renamed";
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Three.TakeLast(1), definition).Schema;
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), schema["AnyLength"].Type);
        Assert.IsNull(schema.GetColumnOrNull("Value"));
        Assert.AreEqual(NumberDataViewType.Single, schema["Renamed"].Type);
        Assert.IsNull(definition["None"]);
    }

    [TestMethod]
    public void A_definition_must_agree_with_its_members()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Number));
        definition["Value"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Number.UpTo(1), definition));
        Assert.Contains("Column 'Value' is supposed to be vector, but type of associated field 'Value' is scalar", exception.Message);

        definition["Value"].ColumnType = NumberDataViewType.Double;
        exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Number.UpTo(1), definition));
        Assert.Contains("is supposed to have item type System.Double, but associated field has type System.Single", exception.Message);
    }

    [TestMethod]
    public void Another_schema_gives_its_types_and_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", TextDataViewType.Instance, "ppm".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("AnyLength", new VectorDataViewType(NumberDataViewType.Single, 4), annotations.ToAnnotations());
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Three, builder.ToSchema());

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), data.Schema["AnyLength"].Type);
        ReadOnlyMemory<char> unit = default;
        data.Schema["AnyLength"].Annotations.GetValue("Unit", ref unit);
        Assert.AreEqual("ppm", unit.ToString());

        builder.AddColumn("None", NumberDataViewType.Single);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable(Reading.Three, builder.ToSchema()));
    }
}
