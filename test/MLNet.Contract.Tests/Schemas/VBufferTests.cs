using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Schemas;

[TestClass]
public sealed class VBufferTests
{
    private static VBuffer<float> Sparse => new(length: 5, count: 2, values: [10, 30, 99], indices: [1, 3, 99]);

    [TestMethod]
    public void A_dense_vector_has_values_and_no_indices()
    {
        var vector = new VBuffer<float>(2, [1, 2, 99]);
        Assert.IsTrue(vector.IsDense);
        Assert.AreEqual(2, vector.Length);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, vector.GetValues().ToArray());
        Assert.IsTrue(vector.GetIndices().IsEmpty);
        Assert.AreEqual("Dense vector of size 2", vector.ToString());
    }

    [TestMethod]
    public void A_sparse_vector_has_its_stored_values_at_their_indices()
    {
        VBuffer<float> vector = Sparse;
        Assert.IsFalse(vector.IsDense);
        CollectionAssert.AreEqual(new float[] { 10, 30 }, vector.GetValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 3 }, vector.GetIndices().ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 10, 0, 30, 0 }, vector.Dense());
        Assert.AreEqual(30, vector.GetItemOrDefault(3));
        Assert.AreEqual(0, vector.GetItemOrDefault(4));
        Assert.AreEqual("Sparse vector of size 5, 2 explicit values", vector.ToString());
    }

    [TestMethod]
    public void Items_are_the_stored_ones_or_all()
    {
        Assert.AreEqual("[1, 10] [3, 30]", string.Join(" ", Sparse.Items()));
        Assert.AreEqual("[0, 0] [1, 10] [2, 0] [3, 30] [4, 0]", string.Join(" ", Sparse.Items(all: true)));
        Assert.AreEqual("[0, 7]", string.Join(" ", new VBuffer<float>(1, [7]).Items()));
    }

    [TestMethod]
    public void Copies_share_nothing_with_the_original()
    {
        float[] values = [1, 2, 3];
        var vector = new VBuffer<float>(3, values);
        VBuffer<float> copy = default;
        vector.CopyTo(ref copy);
        values[0] = 9;
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, copy.Dense());
    }

    [TestMethod]
    public void A_copy_of_a_sparse_vector_is_sparse_and_a_dense_one_can_be_made()
    {
        VBuffer<float> copy = default, dense = default;
        Sparse.CopyTo(ref copy);
        Sparse.CopyToDense(ref dense);
        Assert.IsFalse(copy.IsDense);
        Assert.IsTrue(dense.IsDense);
        CollectionAssert.AreEqual(Sparse.Dense(), copy.Dense());
        CollectionAssert.AreEqual(Sparse.Dense(), dense.GetValues().ToArray());
    }

    [TestMethod]
    public void A_span_is_filled_from_an_offset_with_a_default_of_choice()
    {
        float[] target = [5, 5, 5, 5, 5, 5, 5];
        Sparse.CopyTo(target, 1, -1);
        CollectionAssert.AreEqual(new float[] { 5, -1, 10, -1, 30, -1, 5 }, target);
        Sparse.CopyTo(target.AsSpan(0, 5));
        CollectionAssert.AreEqual(new float[] { 0, 10, 0, 30, 0, -1, 5 }, target);
    }

    [TestMethod]
    public void A_target_that_is_too_small_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[4]));

    [TestMethod]
    public void Lengths_and_buffers_must_fit()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(-1, [1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(2, [1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(2, 3, [1, 2, 3], [0, 1, 2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(5, 2, [1], [0, 1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(5, 2, [1, 2], [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(5));
    }

    [TestMethod]
    public void The_default_vector_is_empty_and_dense()
    {
        VBuffer<float> none = default;
        Assert.AreEqual(0, none.Length);
        Assert.IsTrue(none.IsDense);
        Assert.IsEmpty(none.DenseValues());
    }

    [TestMethod]
    public void An_editor_reuses_buffers_that_are_large_enough()
    {
        var vector = new VBuffer<float>(4, [1, 2, 3, 4]);
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, 3);
        Assert.IsFalse(editor.CreatedNewValues);
        Assert.AreEqual(3, editor.Values.Length);
        editor.Values[0] = 9;
        vector = editor.Commit();
        CollectionAssert.AreEqual(new float[] { 9, 2, 3 }, vector.Dense());

        Assert.IsTrue(VBufferEditor.Create(ref vector, 100).CreatedNewValues);
    }

    [TestMethod]
    public void An_editor_makes_sparse_vectors_and_may_give_up_some_values()
    {
        VBuffer<float> vector = default;
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, 6, 3);
        for (int i = 0; i < 3; i++)
            (editor.Values[i], editor.Indices[i]) = (i + 1, 2 * i);
        CollectionAssert.AreEqual(new float[] { 1, 0, 2, 0, 3, 0 }, editor.Commit().Dense());
        CollectionAssert.AreEqual(new float[] { 1, 0, 2, 0, 0, 0 }, editor.CommitTruncated(2).Dense());
    }

    [TestMethod]
    public void An_editor_keeps_old_values_when_told_to()
    {
        var vector = new VBuffer<float>(2, [1, 2]);
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, 3, keepOldOnResize: true);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, editor.Values[..2].ToArray());
    }

    [TestMethod]
    public void An_editor_refuses_sizes_that_cannot_be()
    {
        VBuffer<float> vector = default;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref vector, -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => VBufferEditor.Create(ref vector, 2, 3));
    }
}
