using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Pipelines;

[TestClass]
public sealed class TransformerChainTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;

    public TransformerChainTests() => _data = _ml.Data.LoadFromEnumerable(Reading.Three);

    private ITransformer Copy(string to, string from) => _ml.Transforms.CopyColumns(to, from).Fit(
        _ml.Transforms.CopyColumns("a", "Value").Fit(_data).Transform(_data));

    [TestMethod]
    public void Transformers_are_applied_in_order()
    {
        ITransformer first = Copy("a", "Value"), second = Copy("b", "a");
        TransformerChain<ITransformer> chain = first.Append(second);
        Assert.AreSame(second, chain.LastTransformer);
        CollectionAssert.AreEqual(new[] { first, second }, chain.ToArray());
        CollectionAssert.AreEqual(_data.GetColumn<float>("Value").ToArray(), chain.Transform(_data).GetColumn<float>("b").ToArray());
        Assert.AreEqual("b", chain.GetOutputSchema(_data.Schema)[^1].Name);
    }

    [TestMethod]
    public void A_schema_error_shows_before_any_transform()
    {
        var first = new PassThrough();
        TransformerChain<ITransformer> chain = new(first, Copy("a", "Value"), Copy("b", "a"));
        IDataView other = _ml.Data.LoadFromEnumerable(Number.UpTo(1));
        Assert.IsNotNull(chain.Transform(other));
        Assert.AreEqual(1, first.Transforms);
        IDataView none = _ml.Transforms.DropColumns("Value").Fit(_data).Transform(_data);
        Assert.Contains("Could not find input column 'Value'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Transform(none)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.GetOutputSchema(none.Schema));
        Assert.AreEqual(1, first.Transforms, "The schema comes before the first transform.");
    }

    [TestMethod]
    public void A_chain_maps_rows_where_all_its_transformers_do()
    {
        Assert.IsTrue(((ITransformer)new TransformerChain<ITransformer>(Copy("a", "Value"))).IsRowToRowMapper);
        ITransformer mixed = new TransformerChain<ITransformer>(Copy("a", "Value"), new PassThrough { IsRowToRowMapper = false });
        Assert.IsFalse(mixed.IsRowToRowMapper);
        Assert.ThrowsExactly<InvalidOperationException>(() => mixed.GetRowToRowMapper(_data.Schema));
    }

    [TestMethod]
    public void The_mapper_of_a_chain_leads_back_to_the_input()
    {
        ITransformer chain = Copy("a", "Value").Append(Copy("b", "a"));
        IRowToRowMapper mapper = chain.GetRowToRowMapper(_data.Schema);
        CollectionAssert.AreEqual(new[] { "Value" }, mapper.GetDependencies([mapper.OutputSchema["b"]]).Select(c => c.Name).ToArray());
        using DataViewRowCursor cursor = _data.GetRowCursor([_data.Schema["Value"]]);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["b"]]);
        ValueGetter<float> getter = row.GetGetter<float>(row.Schema["b"]);
        float value = 0;
        cursor.MoveNext();
        getter(ref value);
        Assert.AreEqual(1.5f, value);
    }

    [TestMethod]
    public void Appending_makes_a_new_chain()
    {
        TransformerChain<ITransformer> one = new(Copy("a", "Value"));
        TransformerChain<ITransformer> two = one.Append(Copy("b", "a"));
        Assert.HasCount(1, one);
        Assert.HasCount(2, two);
        Assert.ThrowsExactly<ArgumentNullException>(() => one.Append<ITransformer>(null!));
    }

    [TestMethod]
    public void The_last_transformer_is_of_its_type_or_the_chain_is_none() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => new TransformerChain<PassThrough>(Copy("a", "Value")));

    [TestMethod]
    public void A_chain_disposes_of_its_transformers()
    {
        var inner = new PassThrough();
        new TransformerChain<ITransformer>(Copy("a", "Value"), inner).Dispose();
        Assert.IsTrue(inner.Disposed);
    }

    [TestMethod]
    public void An_empty_chain_is_the_identity()
    {
        var chain = new TransformerChain<ITransformer>();
        Assert.IsNull(chain.LastTransformer);
        Assert.AreSame(_data, chain.Transform(_data));
        Assert.IsTrue(((ITransformer)chain).IsRowToRowMapper);
    }
}
