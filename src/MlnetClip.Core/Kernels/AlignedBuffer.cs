namespace MlnetClip.Kernels;

/// <summary>Floats at a fixed address that is a multiple of 64 bytes, zeroed, freed by the garbage collector.</summary>
internal sealed unsafe class AlignedBuffer
{
    private readonly float[] _array; // on the pinned heap: keeps the memory alive and in place

    public AlignedBuffer(long length)
    {
        _array = GC.AllocateArray<float>(checked((int)(length + 16)), pinned: true);
        fixed (float* first = _array) Pointer = (float*)(((nint)first + 63) & ~(nint)63);
        Length = (int)length;
    }

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
