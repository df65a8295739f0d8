using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Contract.Tests.Schemas;

[TestClass]
public sealed class AnnotationsTests
{
    private static DataViewSchema.Annotations Two()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Flag", BooleanDataViewType.Instance, true);
        builder.Add("Numbers", new VectorDataViewType(NumberDataViewType.Int32, 2), (ref VBuffer<int> value) => value = new VBuffer<int>(2, [4, 5]));
        return builder.ToAnnotations();
    }

    [TestMethod]
    public void Values_come_by_kind_and_by_column()
    {
        DataViewSchema.Annotations annotations = Two();
        bool flag = false;
        annotations.GetValue("Flag", ref flag);
        Assert.IsTrue(flag);

        VBuffer<int> numbers = default;
        annotations.GetGetter<VBuffer<int>>(annotations.Schema["Numbers"])(ref numbers);
        CollectionAssert.AreEqual(new[] { 4, 5 }, numbers.DenseValues().ToArray());
        Assert.AreEqual("Flag, Numbers", annotations.ToString());
    }

    [TestMethod]
    public void A_wrong_kind_or_type_is_refused()
    {
        DataViewSchema.Annotations annotations = Two();
        bool flag = false;
        float number = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("None", ref flag));
        Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Flag", ref number));
    }

    [TestMethod]
    public void A_getter_must_be_of_the_types_values()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Assert.ThrowsExactly<ArgumentException>(() => builder.Add("a", NumberDataViewType.Single, (ref int value) => value = 1));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddPrimitiveValue("a", NumberDataViewType.Single, 1));
        builder.Add("a", NumberDataViewType.Single, (Delegate)(ValueGetter<float>)((ref float value) => value = 1));
        Assert.HasCount(1, builder.ToAnnotations().Schema);
    }

    [TestMethod]
    public void Selected_annotations_are_taken_over()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Two(), name => name == "Numbers");
        builder.Add(null, _ => true);
        DataViewSchema.Annotations annotations = builder.ToAnnotations();
        Assert.AreEqual("Numbers", annotations.ToString());
        VBuffer<int> numbers = default;
        annotations.GetValue("Numbers", ref numbers);
        Assert.AreEqual(2, numbers.Length);
    }

    [TestMethod]
    public void A_column_without_annotations_has_none_rather_than_null()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("a", NumberDataViewType.Single);
        Assert.IsEmpty(builder.ToSchema()["a"].Annotations.Schema);
        Assert.IsEmpty(DataViewSchema.Annotations.Empty.Schema);
    }
}
