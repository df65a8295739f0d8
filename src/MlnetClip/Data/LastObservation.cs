using System.Numerics;

namespace MlnetClip.Data;

/// <summary>Fills gaps: a missing value (NaN) becomes the last observation before it. All gap filling uses this type.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal struct LastObservation<T>()
    where T : struct, IFloatingPointIeee754<T>
{
    private T _last = T.NaN;

    /// <summary>The last observation; NaN before the first.</summary>
    public readonly T Last => _last;

    /// <summary>The next row's value, or the last observation where it is missing; NaN before the first observation.</summary>
    public T Fill(T value)
    {
        if (!T.IsNaN(value)) _last = value;
        return _last;
    }
}
