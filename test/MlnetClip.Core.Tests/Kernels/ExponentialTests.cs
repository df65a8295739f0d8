using System.Runtime.CompilerServices;
using MlnetClip.Kernels;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>
/// sigmoid and tanh on every path against double: the error is counted in units in the last place of the correctly rounded
/// float, over [-100, 100] in even steps and from 1e-30 to 100 in steps of 1/5000 of the number.
/// </summary>
/// <remarks>
/// The bounds stand just above the largest errors that a run over all floats of 2^-40 to 104, of either sign, found: sigmoid 2.481 on every
/// path; tanh 2.573, and 2.610 where the processor has no fused multiply-add. The grid holds the places.
/// </remarks>
[TestClass]
public sealed unsafe class ExponentialTests
{
    private const double SigmoidBound = 2.5, TanhBound = 2.62;

    /// <summary>
    /// Below it sigmoid stays at its value here, 6e-39. From -87.34 down that is less than the smallest normal number, whose
    /// last place is the same down to zero.
    /// </summary>
    private const float SigmoidFloor = -88f;

    private const float SmallestNormal = 1.17549435e-38f;

    private static readonly float[] Arguments = [.. Grid().Distinct()];

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void SigmoidIsAccurateInTheLastPlace(string path)
    {
        float[] x = [.. Arguments.Where(v => v >= SigmoidFloor)];
        Check("sigmoid", x, Evaluate(path, tanh: false, x), v => 1 / (1 + Math.Exp(-v)), SigmoidBound);
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void TanhIsAccurateInTheLastPlace(string path) =>
        Check("tanh", Arguments, Evaluate(path, tanh: true, Arguments), Math.Tanh, TanhBound);

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void SigmoidStaysAboveZeroAndBelowNormalNumbersFurtherDown(string path)
    {
        float[] x = [.. Arguments.Where(v => v < SigmoidFloor), -1e30f, float.MinValue, float.NegativeInfinity];
        foreach (float y in Evaluate(path, tanh: false, x)) Assert.IsTrue(y is > 0 and < SmallestNormal, $"{y:R}");
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void BothAreExactAtTheirEndsAndAtZero(string path)
    {
        float[] x = [float.NegativeInfinity, float.MinValue, -0f, 0f, float.Epsilon, float.MaxValue, float.PositiveInfinity];
        CollectionAssert.AreEqual(new[] { -1f, -1f, 0f, 0f, float.Epsilon, 1f, 1f }, Evaluate(path, tanh: true, x));
        CollectionAssert.AreEqual(new[] { 0.5f, 0.5f, 0.5f, 1f, 1f }, Evaluate(path, tanh: false, x)[2..]);
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void NaNGivesNaNInItsOwnLaneOnly(string path)
    {
        for (int place = 0; place < Panel.UnitBlock; place++)
        {
            var x = new float[Panel.UnitBlock];
            x[place] = float.NaN;
            foreach (bool tanh in new[] { false, true })
            {
                float[] y = Evaluate(path, tanh, x);
                for (int i = 0; i < y.Length; i++) Assert.AreEqual(i == place, float.IsNaN(y[i]), $"tanh {tanh}, NaN at {place}, result {i}");
            }
        }
    }

    private static IEnumerable<float> Grid()
    {
        foreach (float worst in (float[])[-16.635704f, -87.34199f, 0.062357374f, 0.061905514f]) yield return worst;
        for (int i = -200_000; i <= 200_000; i++) yield return i / 2000f;
        for (double size = 1e-30; size < 100; size *= 1.0002)
        {
            yield return (float)size;
            yield return (float)-size;
        }
    }

    private static void Check(string name, float[] x, float[] y, Func<double, double> exact, double bound)
    {
        double worst = 0;
        float at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = exact(x[i]);
            float size = Math.Abs((float)expected);
            double error = float.IsNaN(y[i]) ? double.PositiveInfinity : Math.Abs(y[i] - expected) / ((double)MathF.BitIncrement(size) - size);
            if (error > worst) (worst, at) = (error, x[i]);
        }

        Assert.IsTrue(worst <= bound, $"{name}({at:R}) is off by {worst:F3} units in the last place, allowed {bound}.");
    }

    private static float[] Evaluate(string path, bool tanh, float[] x)
    {
        _ = Paths.Kernels(path); // or inconclusive
        return Enum.Parse<KernelPath>(path) switch
        {
            KernelPath.Vector512 => Evaluate<Simd16>(tanh, x),
            KernelPath.Vector256 => Evaluate<Simd8>(tanh, x),
            KernelPath.Vector128 => Evaluate<Simd4>(tanh, x),
            _ => Evaluate<Simd1>(tanh, x),
        };
    }

    private static float[] Evaluate<V>(bool tanh, float[] x) where V : unmanaged, ISimd<V>
    {
        int padded = Panel.PadUnits(x.Length);
        float[] source = new float[padded], target = new float[padded];
        x.CopyTo(source, 0);
        fixed (float* s = source, t = target)
        {
            if (tanh) Tanh<V>(s, t, padded);
            else Sigmoid<V>(s, t, padded);
        }

        return target[..x.Length];
    }

    // Optimized at once, as the cells are: before that the runtime may round a multiply-add twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sigmoid<V>(float* x, float* y, int length) where V : unmanaged, ISimd<V>
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(y + n, Exponential.Sigmoid(V.Load(x + n)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tanh<V>(float* x, float* y, int length) where V : unmanaged, ISimd<V>
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(y + n, Exponential.Tanh(V.Load(x + n)));
    }
}
