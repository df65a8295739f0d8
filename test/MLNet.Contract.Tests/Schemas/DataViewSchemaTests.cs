using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Schemas;

[TestClass]
public sealed class DataViewSchemaTests
{
    private static DataViewSchema Make(params string[] names)
    {
        var builder = new DataViewSchema.Builder();
        foreach (string name in names)
            builder.AddColumn(name, NumberDataViewType.Single);
        return builder.ToSchema();
    }

    [TestMethod]
    public void Columns_are_found_by_place_and_by_name()
    {
        DataViewSchema schema = Make("a", "b");
        Assert.HasCount(2, schema);
        Assert.AreEqual("b", schema[1].Name);
        Assert.AreEqual(1, schema["b"].Index);
        Assert.AreEqual(0, schema.GetColumnOrNull("a")!.Value.Index);
        Assert.IsNull(schema.GetColumnOrNull("c"));
        CollectionAssert.AreEqual(new[] { "a", "b" }, Rows.Names(schema));
        Assert.AreEqual("2 columns", schema.ToString());
    }

    [TestMethod]
    public void A_missing_column_is_named_in_the_error()
    {
        DataViewSchema schema = Make("a");
        ArgumentOutOfRangeException exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["nope"]);
        Assert.StartsWith("Column 'nope' not found", exception.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[1]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[-1]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema[""]);
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(null));
    }

    [TestMethod]
    public void A_later_column_hides_an_earlier_of_the_same_name()
    {
        DataViewSchema schema = Make("a", "b", "a");
        Assert.IsTrue(schema[0].IsHidden);
        Assert.IsFalse(schema[1].IsHidden);
        Assert.IsFalse(schema[2].IsHidden);
        Assert.AreEqual(2, schema["a"].Index);
    }

    [TestMethod]
    public void A_builder_takes_over_columns()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(Make("a"));
        builder.AddColumns([new DataViewSchema.DetachedColumn("b", TextDataViewType.Instance), new DataViewSchema.DetachedColumn(Make("x", "c")[1])]);
        DataViewSchema schema = builder.ToSchema();
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, Rows.Names(schema));
        Assert.AreEqual(2, schema["c"].Index);
        Assert.AreSame(TextDataViewType.Instance, schema["b"].Type);
    }

    [TestMethod]
    public void A_column_needs_a_name_and_a_type()
    {
        var builder = new DataViewSchema.Builder();
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("", NumberDataViewType.Single));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("a", null));
        Assert.ThrowsExactly<ArgumentNullException>(() => new DataViewSchema.DetachedColumn(null, NumberDataViewType.Single));
    }

    [TestMethod]
    public void A_column_prints_its_type_and_the_names_of_its_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", TextDataViewType.Instance, "ppm".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("a", NumberDataViewType.Single);
        builder.AddColumn("b", NumberDataViewType.Single, annotations.ToAnnotations());
        DataViewSchema schema = builder.ToSchema();
        Assert.AreEqual("a: Single", schema["a"].ToString());
        Assert.AreEqual("b: Single {Unit}", schema["b"].ToString());
    }
}
