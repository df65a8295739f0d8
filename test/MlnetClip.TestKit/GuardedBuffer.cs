using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlnetClip.TestKit;

/// <summary>
/// Floats between guard values, starting at any alignment: a kernel that reads past the end gets a NaN
/// into its result, one that writes there is found by <see cref="Check"/>.
/// </summary>
public sealed class GuardedBuffer
{
    private const int Guard = 64;
    private const uint GuardBits = 0x7FC0_0BAD; // quiet: compilers may quieten a signalling one
    private readonly float[] _memory;
    private readonly int _start;

    /// <summary>Creates a buffer of zeros.</summary>
    /// <param name="length">Elements, 0 or more.</param>
    /// <param name="misalignment">Elements by which the start is moved off the allocation's own alignment.</param>
    public GuardedBuffer(int length, int misalignment = 0)
    {
        _start = Guard + misalignment;
        Length = length;
        _memory = GC.AllocateArray<float>(_start + length + Guard, pinned: true);
        _memory.AsSpan().Fill(BitConverter.UInt32BitsToSingle(GuardBits));
        Span.Clear();
    }

    /// <summary>Creates a buffer holding <paramref name="values"/>.</summary>
    public GuardedBuffer(ReadOnlySpan<float> values, int misalignment = 0)
        : this(values.Length, misalignment) => values.CopyTo(Span);

    /// <summary>Elements between the guards.</summary>
    public int Length { get; }

    /// <summary>The elements between the guards.</summary>
    public Span<float> Span => _memory.AsSpan(_start, Length);

    /// <summary>Fails if a guard value was overwritten.</summary>
    public void Check()
    {
        for (int i = 0; i < _memory.Length; i++)
        {
            if ((i < _start || i >= _start + Length) && BitConverter.SingleToUInt32Bits(_memory[i]) != GuardBits)
                Assert.Fail($"Element {i - _start} of a buffer of {Length} was written: {_memory[i]:R}.");
        }
    }
}
