using MlnetClip.Forecasting;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting.Linear;

[TestClass]
public sealed class LinearPartTests
{
    private static readonly double[,] Rule = { { 2, -1, 0.5, 10 }, { 0, 3, 0, -4 } };

    /// <summary>The numbers of test/Goldens/linear_part.py, which fits every output on its own and without normal equations.</summary>
    [TestMethod]
    public void MatchesNumPy()
    {
        foreach (GoldenFile golden in GoldenFile.Load("linear_part").Objects("cases"))
        {
            int features = golden.Integer("features"), outputs = golden.Integer("outputs");
            var rows = new MemoryRows(features, outputs, golden.Doubles("x"), golden.Doubles("y"), golden.Doubles("weights"));
            var equations = new NormalEquations(rows, features, outputs, threads: 1, default);
            double[]? solution = PenaltySearch.Solve(equations, outputs, [golden.Number("penalty")], threads: 1, default)[0];
            Near.AssertAll(golden.Doubles("coefficients"), solution!, 1e-8, $"coefficients of {features} inputs");
        }
    }

    [TestMethod]
    public void ByHand()
    {
        // x = -1, 0, 1 and y = 1, 2, 6: the intercept is the mean 3 because the mean of x is 0; the slope is 5 / (2 + penalty), penalty = 0.5 * 2.
        var equations = new NormalEquations(new MemoryRows(1, 1, [-1, 0, 1], [1, 2, 6]), 1, 1, 1, default);
        double[] solution = PenaltySearch.Solve(equations, 1, [0.5], 1, default)[0]!;
        Assert.AreEqual(5.0 / 3, solution[0], 1e-12);
        Assert.AreEqual(3, solution[1], 1e-12, "the intercept has no penalty");
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.4)]
    public void ALinearRuleIsFound(double missing)
    {
        LinearPart part = LinearPart.Fit(3, 2, MemoryRows.Of(1, 400, Rule, missing: missing), MemoryRows.Of(2, 50, Rule));
        Assert.AreEqual(PenaltySearch.Grid[0], part.Penalty, "without noise, the smallest penalty is the best");
        for (int k = 0; k < 2; k++)
        {
            Near.AssertAll([Rule[k, 0], Rule[k, 1], Rule[k, 2]], part.Weights(k), 1e-5, $"weights of output {k}");
            Assert.AreEqual(Rule[k, 3], part.Intercept(k), 1e-5);
        }

        var y = new double[2];
        part.Predict([1, 2, 4], y);
        Near.AssertAll([12, 2], y, 1e-5, "a prediction");
    }

    [TestMethod]
    public void AnOutputIsFittedAsIfItWereAlone()
    {
        MemoryRows both = MemoryRows.Of(3, 300, Rule, noise: 1, missing: 0.3);
        double[]?[] together = Solve(both, 1e-3);
        for (int k = 0; k < 2; k++)
        {
            // The penalty is relative to all rows, so that one of the alone rows is scaled to be the same.
            var alone = new OneOutput(both, 3, 2, k);
            var all = new NormalEquations(both, 3, 2, 1, default);
            var single = new NormalEquations(alone, 3, 1, 1, default);
            double penalty = 1e-3 * PenaltySearch.MeanDiagonal(all) / PenaltySearch.MeanDiagonal(single);
            Near.AssertAll(PenaltySearch.Solve(single, 1, [penalty], 1, default)[0]!, together[0].AsSpan(k * 4, 4), 1e-9, $"output {k}");
        }
    }

    [TestMethod]
    public void NoiseChoosesALargerPenalty()
    {
        var rule = new double[1, 41];
        rule[0, 0] = 1;
        LinearPart clean = LinearPart.Fit(40, 1, MemoryRows.Of(4, 60, rule, noise: 0.01), MemoryRows.Of(5, 200, rule, noise: 0.01));
        LinearPart noisy = LinearPart.Fit(40, 1, MemoryRows.Of(4, 60, rule, noise: 3), MemoryRows.Of(5, 200, rule, noise: 3));
        Assert.IsGreaterThan(10 * clean.Penalty, noisy.Penalty);
        Assert.IsLessThan(Error(PenaltySearch.Grid[0]), noisy.ValidationError, "the error of the smallest penalty");

        double Error(double penalty)
        {
            double[] solution = Solve(MemoryRows.Of(4, 60, rule, noise: 3), penalty)[0]!;
            MemoryRows validation = MemoryRows.Of(5, 200, rule, noise: 3);
            double[] x = new double[40], y = new double[1], w = new double[1], forecast = new double[1];
            double sum = 0;
            for (int row = 0; row < validation.Count; row++)
            {
                validation.Read(row, x, y, w);
                LinearPart.Predict(solution, x, forecast);
                sum += (y[0] - forecast[0]) * (y[0] - forecast[0]);
            }

            return sum / validation.Count;
        }
    }

    [TestMethod]
    public void WithoutValidationTheLastTenthChoosesAndAllRowsAreFitted()
    {
        var rule = new double[1, 31];
        rule[0, 3] = 1;
        MemoryRows rows = MemoryRows.Of(6, 200, rule, noise: 2);
        LinearPart part = LinearPart.Fit(30, 1, rows, validation: null);
        double penalty = LinearPart.Fit(30, 1, new RowRange(rows, 0, 179), new RowRange(rows, 180, 200)).Penalty;
        Assert.AreEqual(penalty, part.Penalty, "chosen on rows 180 to 199, without row 179 whose target is that of row 180's window");
        double[] all = Solve(rows, penalty)[0]!;
        Near.AssertAll(all.AsSpan(0, 30), part.Weights(0), 1e-12, "the weights of a fit on all rows");
    }

    [TestMethod]
    public void FewRowsTakeTheDefaultPenalty()
    {
        LinearPart part = LinearPart.Fit(3, 2, MemoryRows.Of(7, 19, Rule), validation: null);
        Assert.AreEqual(LinearFit.DefaultPenalty, part.Penalty);
        Assert.AreEqual(0.01, part.Penalty, 1e-12);
        Assert.AreEqual(double.NaN, part.ValidationError);
    }

    [TestMethod]
    public void ConstantAndEqualColumnsAreNoProblem()
    {
        const int Rows = 100;
        var random = new Random(8);
        double[] x = new double[Rows * 5], y = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double value = random.NextDouble();
            // A constant, an input, the same again, zero, and a constant far from zero: the rule is y = 3 + 2 * input.
            ReadOnlySpan<double> values = [1, value, value, 0, 1e5];
            values.CopyTo(x.AsSpan(row * 5, 5));
            y[row] = 3 + (2 * value);
        }

        LinearPart part = LinearPart.Fit(5, 1, new MemoryRows(5, 1, x[..400], y[..80]), new MemoryRows(5, 1, x[400..], y[80..]));
        var got = new double[1];
        part.Predict([1, 0.5, 0.5, 0, 1e5], got);
        Assert.IsTrue(double.IsFinite(got[0]));
        Assert.AreEqual(part.Weights(0)[1], part.Weights(0)[2], 1e-9, "equal columns share the weight");
        LinearPart small = LinearPart.Fit(4, 1, new WithoutLast(new MemoryRows(5, 1, x[..400], y[..80]), 5), new WithoutLast(new MemoryRows(5, 1, x[400..], y[80..]), 5));
        small.Predict([1, 0.5, 0.5, 0], got);
        Assert.AreEqual(4, got[0], 1e-4);
    }

    [TestMethod]
    public void InputsOfZeroForecastTheMean()
    {
        LinearPart part = LinearPart.Fit(2, 1, new MemoryRows(2, 1, new double[60], [.. Enumerable.Range(0, 30).Select(i => (double)i)]), null);
        var got = new double[1];
        part.Predict([5, -7], got);
        Assert.AreEqual(14.5, got[0], 1e-9);
    }

    [TestMethod]
    public void OutputsWithoutAnyTargetForecastZero()
    {
        double[] y = [.. Enumerable.Range(0, 60).Select(i => (double)i)], w = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 2))];
        LinearPart part = LinearPart.Fit(1, 2, new MemoryRows(1, 2, [.. Enumerable.Range(0, 30).Select(i => i / 30.0)], y, w), null);
        Assert.AreEqual(0, part.Intercept(0));
        Assert.AreNotEqual(0, part.Intercept(1));
        Assert.IsTrue(double.IsFinite(part.ValidationError));
    }

    [TestMethod]
    public void ThreadsDoNotChangeTheResult()
    {
        const int Features = 120, Outputs = 40;
        var rule = new double[Outputs, Features + 1];
        for (int k = 0; k < Outputs; k++) rule[k, k] = 1;
        LinearPart one = LinearPart.Fit(Features, Outputs, MemoryRows.Of(9, 500, rule, 1, 0.01), MemoryRows.Of(10, 50, rule, 1), threads: 1);
        LinearPart many = LinearPart.Fit(Features, Outputs, MemoryRows.Of(9, 500, rule, 1, 0.01), MemoryRows.Of(10, 50, rule, 1), threads: 7);
        CollectionAssert.AreEqual(Bytes(one), Bytes(many));
    }

    [TestMethod]
    public void AFitCanBeCancelled() =>
        Assert.ThrowsExactly<OperationCanceledException>(() => LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule), null, 1, new CancellationToken(canceled: true)));

    [TestMethod]
    public void WrittenAndReadItIsTheSame()
    {
        LinearPart part = LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule, noise: 0.3), null);
        byte[] bytes = Bytes(part);
        LinearPart read = Read(bytes, 3, 2);
        Assert.AreEqual((part.Penalty, part.ValidationError, part.Features, part.Outputs), (read.Penalty, read.ValidationError, read.Features, read.Outputs));
        CollectionAssert.AreEqual(bytes, Bytes(read));
    }

    [TestMethod]
    [DataRow(0, 4, "the inputs of the linear part must be from 3 to 3, but was 4")]
    [DataRow(4, -1, "the outputs of the linear part must be from 2 to 2, but was -1")]
    public void WrongSizesAreRefused(int at, int value, string message)
    {
        byte[] bytes = Bytes(LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule), null));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 3, 2)).Message);
    }

    [TestMethod]
    [DataRow(8, 0.0, "the penalty of the linear part must be")]
    [DataRow(8, double.NaN, "the penalty of the linear part must be")]
    [DataRow(16, -1.0, "the validation error of the linear part must be")]
    [DataRow(16, double.PositiveInfinity, "the validation error of the linear part must be")]
    [DataRow(24, double.NaN, "coefficient 0 of output 0 of the linear part must be finite, but was NaN")]
    [DataRow(24 + 40, double.NegativeInfinity, "coefficient 1 of output 1 of the linear part must be finite, but was")]
    public void WrongNumbersAreRefused(int at, double value, string message)
    {
        byte[] bytes = Bytes(LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule), null));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 3, 2)).Message, message);
    }

    [TestMethod]
    public void SizesBeyondTheEntryAllocateNothing()
    {
        byte[] bytes = Bytes(LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule), null));
        BitConverter.TryWriteBytes(bytes.AsSpan(0), 2_000_000_000);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), 1_000_000_000);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 2_000_000_000, 1_000_000_000)).Message, "the number of coefficients of the linear part must be from 1 to 8");
        Assert.ThrowsExactly<InvalidDataException>(() => Read(Bytes(LinearPart.Fit(3, 2, MemoryRows.Of(1, 50, Rule), null))[..^1], 3, 2));
    }

    private static double[]?[] Solve(MemoryRows rows, double penalty) =>
        PenaltySearch.Solve(new NormalEquations(rows, rows.Features, rows.Outputs, 1, default), rows.Outputs, [penalty], 1, default);

    private static byte[] Bytes(LinearPart part)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        part.Write(writer);
        return stream.ToArray();
    }

    private static LinearPart Read(byte[] bytes, int features, int outputs) => LinearPart.Read(new BinaryReader(new MemoryStream(bytes)), features, outputs);

    /// <summary>One of several outputs; rows without a target for it have weight 0.</summary>
    private sealed class OneOutput(ILinearRows rows, int features, int outputs, int output) : ILinearRows
    {
        private readonly double[] _y = new double[outputs], _w = new double[outputs];

        public int Count => rows.Count;

        public void Read(int row, Span<double> x, Span<double> y, Span<double> weights)
        {
            rows.Read(row, x[..features], _y, _w);
            (y[0], weights[0]) = (_y[output], _w[output]);
        }
    }

    /// <summary>Rows without their last input.</summary>
    private sealed class WithoutLast(ILinearRows rows, int features) : ILinearRows
    {
        private readonly double[] _x = new double[features];

        public int Count => rows.Count;

        public void Read(int row, Span<double> x, Span<double> y, Span<double> weights)
        {
            rows.Read(row, _x, y, weights);
            _x.AsSpan(0, features - 1).CopyTo(x);
        }
    }
}
