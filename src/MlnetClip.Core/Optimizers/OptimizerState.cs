using MlnetClip.Checkpoints;
using MlnetClip.Optimizers;

namespace MlnetClip;

/// <summary>The state of an optimizer in one fit: flat vectors as long as the parameters, and the number of updates.</summary>
public sealed class OptimizerState
{
    private readonly float[][] _vectors;

    internal OptimizerState(int vectors, int length)
    {
        _vectors = new float[vectors][];
        for (int i = 0; i < vectors; i++) _vectors[i] = GC.AllocateArray<float>(length, pinned: true);
    }

    /// <summary>Number of vectors: 2 for Adam, 1 or 0 for SGD with or without momentum.</summary>
    public int VectorCount => _vectors.Length;

    /// <summary>Updates made so far; skipped steps do not count.</summary>
    public long Updates { get; internal set; }

    /// <summary>One vector, in the order of the parameter set's flat buffers.</summary>
    public Span<float> Vector(int index) => _vectors[index];

    /// <summary>Whether no element is NaN; means of squares may overflow to infinity.</summary>
    internal bool HasNoNaN => !Array.Exists(_vectors, vector => Array.Exists(vector, float.IsNaN));

    /// <summary>Copies another state of the same optimizer and parameters into this one.</summary>
    internal void CopyFrom(OptimizerState other)
    {
        for (int i = 0; i < _vectors.Length; i++) other._vectors[i].AsSpan().CopyTo(_vectors[i]);
        Updates = other.Updates;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Updates);
        foreach (float[] vector in _vectors) FloatBlock.Write(writer, vector);
    }

    internal void Read(BinaryReader reader)
    {
        Updates = reader.ReadInt64("the updates of the optimizer");
        foreach (float[] vector in _vectors) FloatBlock.Read(reader, vector, "the memory of the optimizer");
    }
}
