using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector of <see cref="Length"/> items, dense (every item stored) or sparse (stored items and their
/// increasing indices; the others are default). The buffers are shared by assignment: copy with CopyTo.
/// </summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null) : this(length, values, indices, length)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices) : this(length, values, indices, count)
    {
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
    }

    private VBuffer(int length, T[] values, int[] indices, int count)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(0 <= count && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    /// <summary>The stored items: all of them when dense.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The indices of the stored items; empty when dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(0 <= index && index < Length, nameof(index));
        int slot = IsDense ? index : GetIndices().BinarySearch(index);
        return slot >= 0 ? _values[slot] : default;
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Contracts.CheckParam(0 <= destinationIndex && destinationIndex <= destination.Length - Length,
            nameof(destination), "Not large enough to hold these values.");
        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(_count == 0 ? default : defaultValue); // an empty vector ignores the default, as in Microsoft.ML
        for (int i = 0; i < _count; i++)
            target[_indices[i]] = _values[i];
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Every item in order, the absent ones as default.</summary>
    public IEnumerable<T> DenseValues()
    {
        int stored = 0;
        for (int i = 0; i < Length; i++)
        {
            bool present = IsDense || (stored < _count && _indices[stored] == i);
            yield return present ? _values[stored++] : default;
        }
    }

    /// <summary>Pairs of index and item: the stored ones, or with <paramref name="all"/> every one.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (all || IsDense)
            return DenseValues().Select((value, index) => KeyValuePair.Create(index, value));
        VBuffer<T> self = this;
        return Enumerable.Range(0, _count).Select(i => KeyValuePair.Create(self._indices[i], self._values[i]));
    }

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> Edit(int length, int count, bool keepOld, bool indicesOnDense)
    {
        T[] values = Room(_values, count, keepOld);
        bool sparse = count < length || indicesOnDense;
        int[] indices = sparse ? Room(_indices, count, keepOld) : _indices;
        return new(length, count, values, indices, sparse, values != _values, indices != _indices);
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, keepOld: false, indicesOnDense: false);

    private static TItem[] Room<TItem>(TItem[] buffer, int count, bool keepOld)
    {
        if ((buffer?.Length ?? 0) >= count)
            return buffer;
        var larger = new TItem[count];
        if (keepOld)
            buffer?.CopyTo(larger, 0);
        return larger;
    }
}
