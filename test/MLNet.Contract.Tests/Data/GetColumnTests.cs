using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Data;

[TestClass]
public sealed class GetColumnTests
{
    private readonly IDataView _data = new MLContext().Data.LoadFromEnumerable(Reading.Three);

    [TestMethod]
    public void Scalars_texts_and_vectors_come_as_their_plain_types()
    {
        CollectionAssert.AreEqual(new[] { 1.5f, float.NaN, -3f }, _data.GetColumn<float>("Value").ToArray());
        CollectionAssert.AreEqual(new[] { "one", "", "" }, _data.GetColumn<string>("Text").ToArray());
        CollectionAssert.AreEqual(new[] { "one", "", "" }, _data.GetColumn<ReadOnlyMemory<char>>("Text").Select(t => t.ToString()).ToArray());
        CollectionAssert.AreEqual(new float[] { 4, 5, 6 }, _data.GetColumn<float[]>("Features").ElementAt(1));
        Assert.AreEqual(3, _data.GetColumn<VBuffer<float>>(_data.Schema["Features"]).First().Length);
    }

    [TestMethod]
    public void Arrays_are_new_ones_for_each_row()
    {
        float[][] rows = [.. _data.GetColumn<float[]>("Features")];
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, rows[0]);
        CollectionAssert.AreEqual(new float[] { 7, 8, 9 }, rows[2]);
    }

    [TestMethod]
    public void A_missing_column_or_another_type_is_an_error()
    {
        Assert.StartsWith("Column 'None' not found", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _data.GetColumn<float>("None")).Message);
        Assert.Contains("Cannot map column (name: Value, type: Single)", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _data.GetColumn<double>("Value")).Message);
        Assert.Contains("Cannot load vector type, Single", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _data.GetColumn<float[]>("Value")).Message);
    }

    [TestMethod]
    public void A_column_of_another_view_is_an_error()
    {
        DataViewSchema.Column other = new MLContext().Data.LoadFromEnumerable(Number.UpTo(1)).Schema["Value"];
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Text", TextDataViewType.Instance);
        builder.AddColumn("Value", NumberDataViewType.Double);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _data.GetColumn<double>(builder.ToSchema()["Value"]));
        Assert.AreEqual("Value", other.Name);
    }
}
