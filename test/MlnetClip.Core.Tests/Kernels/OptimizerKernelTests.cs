using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>The optimizers' kernels at every length from 0 to 70, next to guard values, against their formulas in double.</summary>
[TestClass]
public sealed class OptimizerKernelTests
{
    private const int Longest = 70;

    /// <summary>Allowed of the larger of an element before and after: the three or four roundings of each formula, twice over.</summary>
    private const double Tolerance = 5e-7;

    private const float Scale = 0.7f, Rate = 0.3f, Epsilon = 0.05f;

    [TestMethod]
    [DataRow(0f, 1f)] // decay, shrink
    [DataRow(0.4f, 1f)]
    [DataRow(0f, 0.9f)]
    public void AdamFollowsItsFormula(float decay, float shrink)
    {
        const float Beta1 = 0.8f, Beta2 = 0.9f, Root = 0.6f;
        AtEveryLength(
            x => AdamUpdate.Run(
                x.Values.Span, x.Gradients.Span, x.Momentum.Span, x.Squares.Span, Scale, decay, shrink, Beta1, Beta2, Rate, Root, Epsilon),
            x =>
            {
                double g = ((double)Scale * x.Gradient) + ((double)decay * x.Value);
                double m = ((double)Beta1 * x.Momentum) + ((1 - (double)Beta1) * g);
                double v = ((double)Beta2 * x.Square) + ((1 - (double)Beta2) * g * g);
                return x with { Value = ((double)shrink * x.Value) - (Rate * m / ((Math.Sqrt(v) / Root) + Epsilon)), Momentum = m, Square = v };
            });
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.4f)]
    public void SgdFollowsItsFormula(float decay) => AtEveryLength(
        x => SgdUpdate.Plain(x.Values.Span, x.Gradients.Span, Scale, decay, Rate),
        x => x with { Value = x.Value - (Rate * (((double)Scale * x.Gradient) + ((double)decay * x.Value))) });

    [TestMethod]
    [DataRow(0f, 1f, float.NaN)] // the first update
    [DataRow(0.8f, 1f, float.NaN)]
    [DataRow(0.8f, 0.9f, float.NaN)]
    [DataRow(0f, 1f, 0.8f)]
    [DataRow(0.8f, 1f, 0.8f)]
    public void SgdWithMomentumFollowsItsFormula(float keep, float take, float lookAhead)
    {
        const float Decay = 0.4f;
        AtEveryLength(
            x => SgdUpdate.Momentum(x.Values.Span, x.Gradients.Span, x.Momentum.Span, Scale, Decay, Rate, keep, take, lookAhead),
            x =>
            {
                double g = ((double)Scale * x.Gradient) + ((double)Decay * x.Value);
                double m = ((double)keep * x.Momentum) + (take * g);
                return x with { Value = x.Value - (Rate * (float.IsNaN(lookAhead) ? m : g + (lookAhead * m))), Momentum = m };
            });
    }

    [TestMethod]
    [DataRow(0f, 0f)] // momentum, decay
    [DataRow(0f, 0.4f)]
    [DataRow(0.6f, 0f)]
    [DataRow(0.6f, 0.4f)]
    public void RmsPropFollowsItsFormula(float momentum, float decay)
    {
        const float Alpha = 0.9f;
        AtEveryLength(
            x => RmsPropUpdate.Run(
                x.Values.Span, x.Gradients.Span, x.Squares.Span, momentum > 0 ? x.Momentum.Span : [], Scale, decay, Rate, Alpha, Epsilon, momentum),
            x =>
            {
                double g = ((double)Scale * x.Gradient) + ((double)decay * x.Value);
                double s = ((double)Alpha * x.Square) + ((1 - (double)Alpha) * g * g);
                double d = (momentum * x.Momentum) + (g / (Math.Sqrt(s) + Epsilon));
                return x with { Value = x.Value - (Rate * d), Momentum = momentum > 0 ? d : x.Momentum, Square = s };
            });
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.4f)]
    public void AdagradFollowsItsFormula(float decay) => AtEveryLength(
        x => AdagradUpdate.Run(x.Values.Span, x.Gradients.Span, x.Squares.Span, Scale, decay, Rate, Epsilon),
        x =>
        {
            double g = ((double)Scale * x.Gradient) + ((double)decay * x.Value);
            double s = x.Square + (g * g);
            return x with { Value = x.Value - (Rate * g / (Math.Sqrt(s) + Epsilon)), Square = s };
        });

    /// <summary>Runs a kernel on fresh operands of each length and its formula on each of their elements.</summary>
    private static void AtEveryLength(Action<Operands> kernel, Func<Element, Element> formula)
    {
        var random = new SeededRandom(11);
        for (int length = 0; length <= Longest; length++)
        {
            var operands = new Operands(Filled(1), Filled(2), Filled(3), Filled(5));
            foreach (ref float square in operands.Squares.Span) square = Math.Abs(square);
            Element[] before = [.. Enumerable.Range(0, length).Select(operands.At)];
            kernel(operands);
            for (int i = 0; i < length; i++)
            {
                Element expected = formula(before[i]), actual = operands.At(i);
                string where = $"length {length}, element {i}";
                Close(before[i].Value, expected.Value, actual.Value, $"{where}: value");
                Close(before[i].Momentum, expected.Momentum, actual.Momentum, $"{where}: momentum");
                Close(before[i].Square, expected.Square, actual.Square, $"{where}: square");
                Assert.AreEqual(before[i].Gradient, actual.Gradient, $"{where}: gradient");
            }

            foreach (GuardedBuffer buffer in new[] { operands.Values, operands.Gradients, operands.Momentum, operands.Squares }) buffer.Check();

            // Of either sign and from 0.25 to 1: where terms cancel, what an element was says how large they were.
            GuardedBuffer Filled(int misalignment)
            {
                var buffer = new GuardedBuffer(length, misalignment);
                foreach (ref float value in buffer.Span) value = (0.25f + (0.75f * random.NextSingle())) * (random.NextInt32(2) == 0 ? -1 : 1);
                return buffer;
            }
        }
    }

    private static void Close(double before, double expected, double actual, string where)
    {
        double size = Math.Max(Math.Abs(before), Math.Abs(expected));
        Assert.IsTrue(Math.Abs(expected - actual) <= Tolerance * size, $"{where}: {actual:R} instead of {expected:R}.");
    }

    private readonly record struct Element(double Value, double Gradient, double Momentum, double Square);

    private sealed record Operands(GuardedBuffer Values, GuardedBuffer Gradients, GuardedBuffer Momentum, GuardedBuffer Squares)
    {
        public Element At(int i) => new(Values.Span[i], Gradients.Span[i], Momentum.Span[i], Squares.Span[i]);
    }
}
