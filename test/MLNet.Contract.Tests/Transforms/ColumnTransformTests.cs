using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Transforms;

[TestClass]
public sealed class ColumnTransformTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public ColumnTransformTests() => _data = _ml.Data.LoadFromEnumerable(Reading.Three);

    private IDataView Apply(IEstimator<ITransformer> estimator) => estimator.Fit(_data).Transform(_data);

    [TestMethod]
    public void A_copy_has_the_values_under_another_name()
    {
        IDataView copied = Apply(_ml.Transforms.CopyColumns("Label", "Value"));
        CollectionAssert.AreEqual(_data.GetColumn<float>("Value").ToArray(), copied.GetColumn<float>("Label").ToArray());
        Assert.HasCount(_data.Schema.Count + 1, copied.Schema);
        Assert.AreEqual("Label", copied.Schema[^1].Name);
    }

    [TestMethod]
    public void A_copy_onto_an_existing_name_hides_what_was_there()
    {
        IDataView copied = Apply(_ml.Transforms.CopyColumns("Value", "Flag"));
        Assert.AreEqual(BooleanDataViewType.Instance, copied.Schema["Value"].Type);
        Assert.IsTrue(copied.Schema[_data.Schema["Value"].Index].IsHidden);
    }

    [TestMethod]
    public void Columns_are_joined_in_the_order_given()
    {
        IDataView joined = Apply(_ml.Transforms.Concatenate("All", "Features", "Value"));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4), joined.Schema["All"].Type);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 1.5f }, joined.GetColumn<float[]>("All").First());
        CollectionAssert.AreEqual(new[] { 4, 5, 6, float.NaN }, joined.GetColumn<float[]>("All").ElementAt(1));
    }

    [TestMethod]
    public void Joined_scalars_name_their_slots()
    {
        IDataView joined = Apply(_ml.Transforms.Concatenate("Inner", "Value", "Features").Append(_ml.Transforms.Concatenate("All", "Inner", "Value")));
        CollectionAssert.AreEqual(new[] { "Value", "", "", "" }, Rows.SlotNames(joined.Schema["Inner"]));
        CollectionAssert.AreEqual(new[] { "Inner.Value", "", "", "", "Value" }, Rows.SlotNames(joined.Schema["All"]));
    }

    [TestMethod]
    public void Vectors_alone_have_no_names_to_give() =>
        Assert.IsEmpty(Apply(_ml.Transforms.Concatenate("All", "Features", "Features")).Schema["All"].Annotations.Schema);

    [TestMethod]
    public void A_part_of_varying_size_makes_the_whole_so()
    {
        IDataView joined = Apply(_ml.Transforms.Concatenate("All", "Value", "AnyLength"));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single), joined.Schema["All"].Type);
        CollectionAssert.AreEqual(new[] { 2, 1, 5 }, joined.GetColumn<float[]>("All").Select(v => v.Length).ToArray());
        Assert.IsEmpty(joined.Schema["All"].Annotations.Schema);
    }

    [TestMethod]
    public void One_vector_joined_is_itself_and_one_scalar_a_vector_of_1()
    {
        Assert.AreEqual(_data.Schema["Features"].Type, Apply(_ml.Transforms.Concatenate("All", "Features")).Schema["All"].Type);
        IDataView single = Apply(_ml.Transforms.Concatenate("All", "Value"));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1), single.Schema["All"].Type);
        CollectionAssert.AreEqual(new[] { 1.5f }, single.GetColumn<float[]>("All").First());
    }

    private sealed class SparseRow
    {
        [VectorType(6)]
        public VBuffer<float> Vector { get; set; }
    }

    [TestMethod]
    public void Vectors_with_few_values_are_joined_into_one_with_few()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            [new SparseRow { Vector = new(6, 2, [1, 5], [1, 5]) }, new SparseRow { Vector = new(6, 4, [1, 2, 3, 4], [0, 1, 2, 5]) }]);
        IDataView joined = _ml.Transforms.Concatenate("All", "Vector", "Vector").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 5, 0, 1, 0, 0, 0, 5 }, joined.GetColumn<float[]>("All").First());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 0, 0, 4, 1, 2, 3, 0, 0, 4 }, joined.GetColumn<float[]>("All").Last());

        using DataViewRowCursor cursor = joined.GetRowCursor([joined.Schema["All"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(joined.Schema["All"]);
        VBuffer<float> value = default;
        cursor.MoveNext();
        getter(ref value);
        Assert.IsFalse(value.IsDense);
        cursor.MoveNext();
        getter(ref value);
        Assert.IsTrue(value.IsDense);
    }

    [TestMethod]
    public void A_column_made_but_not_asked_for_has_no_getter_though_its_source_has()
    {
        IDataView copied = Apply(_ml.Transforms.CopyColumns("Copy", "Value"));
        using DataViewRowCursor cursor = copied.GetRowCursor([copied.Schema["Value"]]);
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(copied.Schema["Copy"]));
    }

    [TestMethod]
    public void A_view_is_asked_only_for_what_is_needed()
    {
        var watched = new WatchedView(_data);
        IDataView joined = _ml.Transforms.CopyColumns("Copy", "Value").Append(_ml.Transforms.Concatenate("All", "Copy", "Features"))
            .Append(_ml.Transforms.DropColumns("Text")).Fit(watched).Transform(watched);
        watched.Asked.Clear();
        CollectionAssert.AreEqual(new float[] { 1.5f, 1, 2, 3 }, joined.GetColumn<float[]>("All").First());
        CollectionAssert.AreEquivalent(new[] { "Value", "Features" }, watched.Asked.Distinct().ToArray());
        watched.Asked.Clear();
        Assert.HasCount(3, joined.GetColumn<bool>("Flag").ToArray());
        CollectionAssert.AreEquivalent(new[] { "Flag" }, watched.Asked.Distinct().ToArray());
    }

    [TestMethod]
    public void A_vector_of_another_size_than_its_type_says_is_an_error()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Reading { Features = [1, 2] }]);
        IDataView joined = _ml.Transforms.Concatenate("All", "Features", "Value").Fit(data).Transform(data);
        // Rows may be made on other threads, whose exceptions come wrapped.
        Exception exception = Assert.ThrowsExactly<InvalidOperationException>(() => joined.GetColumn<float[]>("All").ToArray());
        Assert.AreEqual("Column 'Features': expected 3 slots, but got 2", exception.GetBaseException().Message);
    }

    [TestMethod]
    public void Different_types_are_not_joined()
    {
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(
            () => Apply(new EstimatorChain<ITransformer>().Append(_ml.Transforms.Concatenate("All", "Value", "Flag"))));
        Assert.AreEqual("Concatenated columns should have the same type. Column 'Flag' has type of Boolean, but expected column type is Single.", exception.Message);
        ArgumentOutOfRangeException direct = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply(_ml.Transforms.Concatenate("All", "Value", "Flag")));
        Assert.Contains("Schema mismatch for input column 'Flag': expected Single, got Boolean", direct.Message);
    }

    [TestMethod]
    public void Dropped_columns_are_gone_and_hidden_ones_stay()
    {
        IDataView data = Apply(_ml.Transforms.CopyColumns("Value", "Flag").Append(_ml.Transforms.DropColumns("Text", "When")));
        CollectionAssert.AreEquivalent(new[] { "Value", "Flag", "Features", "AnyLength", "Value" }, Rows.Names(data.Schema));
        Assert.AreEqual(BooleanDataViewType.Instance, data.Schema["Value"].Type);
    }

    [TestMethod]
    public void A_missing_input_is_named()
    {
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
            { _ml.Transforms.CopyColumns("a", "None"), _ml.Transforms.Concatenate("a", "Value", "None"), _ml.Transforms.DropColumns("None") })
        {
            Assert.Contains("Could not find input column 'None'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply(estimator)).Message);
            Assert.Contains("Could not find input column 'None'",
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Apply(new EstimatorChain<ITransformer>().Append(estimator))).Message);
        }
    }

    [TestMethod]
    public void Concatenate_needs_names()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("a"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("a", "b", ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("", "b"));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Transforms.Concatenate("a", null));
    }

    [TestMethod]
    public void Shapes_follow_the_transforms()
    {
        var recorder = new Recorder();
        _ml.Transforms.CopyColumns("Copy", "Features")
            .Append(_ml.Transforms.Concatenate("All", "Value", "Features"))
            .Append(_ml.Transforms.Concatenate("Any", "Value", "AnyLength"))
            .Append(_ml.Transforms.DropColumns("Text"))
            .Append(recorder).Fit(_data);
        SchemaShape shape = recorder.Shapes.Single();
        string Kind(string name) => $"{shape.Single(c => c.Name == name).Kind} {shape.Single(c => c.Name == name).ItemType}";
        Assert.AreEqual("Vector Single", Kind("Copy"));
        Assert.AreEqual("Vector Single", Kind("All"));
        Assert.AreEqual("VariableVector Single", Kind("Any"));
        Assert.IsFalse(shape.Any(c => c.Name == "Text"));
        Assert.AreEqual("SlotNames", shape.Single(c => c.Name == "All").Annotations.Single().Name);
    }

    [TestMethod]
    public void A_row_mapper_knows_what_it_needs()
    {
        ITransformer transformer = _ml.Transforms.Concatenate("All", "Value", "Features").Fit(_data);
        Assert.IsTrue(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(_data.Schema);
        Assert.AreSame(_data.Schema, mapper.InputSchema);
        CollectionAssert.AreEquivalent(new[] { "Value", "Features" },
            mapper.GetDependencies([mapper.OutputSchema["All"]]).Select(c => c.Name).ToArray());
        CollectionAssert.AreEquivalent(new[] { "Flag" },
            mapper.GetDependencies([mapper.OutputSchema["Flag"]]).Select(c => c.Name).ToArray());
    }
}
