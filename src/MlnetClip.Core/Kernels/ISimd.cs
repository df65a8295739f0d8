namespace MlnetClip.Kernels;

/// <summary>
/// A vector of floats that the processor computes with at once. Kernels are written once over this interface; the runtime
/// compiles them separately for each width. With <see cref="Simd1"/> they are their own scalar form.
/// </summary>
/// <typeparam name="T">The implementing struct.</typeparam>
internal unsafe interface ISimd<T> where T : unmanaged, ISimd<T>
{
    /// <summary>Number of floats: 1, 4, 8 or 16.</summary>
    static abstract int Lanes { get; }

    /// <summary>True with 32 vector registers, false with 16: determines how many sums a tile keeps.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract T Load(float* source);

    static abstract void Store(float* target, T value);

    static abstract T Create(float value);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    /// <summary>a * b + c, rounded once where the processor has the instruction.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>The smaller; <paramref name="value"/> where it is NaN.</summary>
    static abstract T AtMost(T limit, T value);

    /// <summary>The larger; <paramref name="value"/> where it is NaN.</summary>
    static abstract T AtLeast(T limit, T value);

    /// <summary><paramref name="value"/> where <paramref name="test"/> is above 0, else 0.</summary>
    static abstract T WherePositive(T test, T value);

    /// <summary>The sum of all floats.</summary>
    static abstract float Sum(T value);

    /// <summary>value * 2^n, where <paramref name="shifted"/> is n + 1.5 * 2^23 and the result is a normal number.</summary>
    static abstract T ScaleByPowerOfTwo(T value, T shifted);
}
