using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Schemas;

[TestClass]
public sealed class SchemaShapeTests
{
    private static SchemaShape ShapeOf(IDataView data)
    {
        var recorder = new Recorder();
        new EstimatorChain<ITransformer>().Append(recorder).Fit(data);
        return recorder.Shapes.Single();
    }

    [TestMethod]
    public void The_shape_of_data_has_names_kinds_and_item_types()
    {
        SchemaShape shape = ShapeOf(new MLContext().Data.LoadFromEnumerable(Reading.Three));
        SchemaShape.Column Column(string name) => shape.Single(c => c.Name == name);

        Assert.AreEqual(SchemaShape.Column.VectorKind.Scalar, Column("Value").Kind);
        Assert.AreSame(NumberDataViewType.Single, Column("Value").ItemType);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, Column("Features").Kind);
        Assert.AreSame(NumberDataViewType.Single, Column("Features").ItemType);
        Assert.AreEqual(SchemaShape.Column.VectorKind.VariableVector, Column("AnyLength").Kind);
        Assert.AreSame(TextDataViewType.Instance, Column("Text").ItemType);
        Assert.IsFalse(Column("Value").IsKey);
        Assert.IsEmpty(Column("Value").Annotations);
        Assert.HasCount(6, shape);
    }

    [TestMethod]
    public void Hidden_columns_are_not_in_the_shape_and_annotations_are()
    {
        MLContext ml = new();
        IDataView data = ml.Data.LoadFromEnumerable(Number.UpTo(1));
        data = ml.Transforms.Concatenate("Value", "Value", "Value").Fit(data).Transform(data);
        SchemaShape.Column column = ShapeOf(data).Single();
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, column.Kind);
        Assert.AreEqual("SlotNames", column.Annotations.Single().Name);
    }

    [TestMethod]
    public void Columns_must_be_made_properly()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new SchemaShape(null));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SchemaShape([default]));
        Assert.IsEmpty(new SchemaShape([]));
    }
}
