using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlnetClip.Kernels;

/// <summary>8 floats in one vector register.</summary>
internal readonly unsafe struct Simd8(Vector256<float> value) : ISimd<Simd8>
{
    private readonly Vector256<float> _value = value;

    public static int Lanes => 8;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Simd8 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 operator +(Simd8 left, Simd8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 operator -(Simd8 left, Simd8 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 operator *(Simd8 left, Simd8 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 operator /(Simd8 left, Simd8 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 MultiplyAdd(Simd8 a, Simd8 b, Simd8 c) => new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 AtMost(Simd8 limit, Simd8 value) => new(Vector256.MinNative(limit._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 AtLeast(Simd8 limit, Simd8 value) => new(Vector256.MaxNative(limit._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 WherePositive(Simd8 test, Simd8 value) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(test._value, Vector256<float>.Zero), value._value, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd8 value) => Vector256.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd8 ScaleByPowerOfTwo(Simd8 value, Simd8 shifted) =>
        new((value._value.AsInt32() + (shifted._value.AsInt32() << 23)).AsSingle());
}
