using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>One float: the scalar form of every kernel.</summary>
internal readonly unsafe struct Simd1(float value) : ISimd<Simd1>
{
    private readonly float _value = value;

    public static int Lanes => 1;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Simd1 value) => *target = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 Create(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator +(Simd1 left, Simd1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator -(Simd1 left, Simd1 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator *(Simd1 left, Simd1 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 operator /(Simd1 left, Simd1 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 MultiplyAdd(Simd1 a, Simd1 b, Simd1 c) => new(float.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 AtMost(Simd1 limit, Simd1 value) => limit._value < value._value ? limit : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 AtLeast(Simd1 limit, Simd1 value) => limit._value > value._value ? limit : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 WherePositive(Simd1 test, Simd1 value) => test._value > 0f ? value : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd1 value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd1 ScaleByPowerOfTwo(Simd1 value, Simd1 shifted) =>
        new(BitConverter.Int32BitsToSingle(
            BitConverter.SingleToInt32Bits(value._value) + (BitConverter.SingleToInt32Bits(shifted._value) << 23)));
}
