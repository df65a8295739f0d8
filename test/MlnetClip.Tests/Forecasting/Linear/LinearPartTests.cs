using MlnetClip.Forecasting;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting.Linear;

[TestClass]
public sealed class LinearPartTests
{
    private static readonly double[,] Rule = { { 2, -1, 0.5, 10 }, { 0, 3, 0, -4 } };
    private static readonly LinearCandidate[] All = [LinearCandidate.All(3)];

    /// <summary>The numbers of test/Goldens/linear_part.py, which fits every output on its own and without normal equations.</summary>
    [TestMethod]
    public void MatchesNumPy()
    {
        foreach (GoldenFile golden in GoldenFile.Load("linear_part").Objects("cases"))
        {
            int features = golden.Integer("features"), outputs = golden.Integer("outputs");
            var rows = new MemoryRows(features, outputs, golden.Doubles("x"), golden.Doubles("y"), golden.Doubles("weights"));
            Near.AssertAll(golden.Doubles("coefficients"), Solve(rows, golden.Number("penalty")), 1e-8, $"coefficients of {features} inputs");
        }
    }

    [TestMethod]
    public void ByHand()
    {
        // x = -1, 0, 1 and y = 1, 2, 6: the intercept is the mean 3 because the mean of x is 0; the slope is 5 / (2 + penalty), penalty = 0.5 * 2.
        var rows = new MemoryRows(1, 1, [-1, 0, 1], [1, 2, 6]);
        Near.AssertAll([5.0 / 3, 3], Solve(rows, 0.5), 1e-12, "slope and intercept");

        // Drawn to a slope of 4 instead of 0: the slope is 4 + (5 - 8) / (2 + 1).
        Near.AssertAll([3, 3], Solve(rows, 0.5, new LinearCandidate("4", [0], new LinearPrior([[(0, 4)]]))), 1e-12, "slope drawn to 4");
    }

    [TestMethod]
    public void AStrongPenaltyLeavesThePrior()
    {
        var prior = new LinearPrior([[(0, 1), (2, -1)], [(1, 2)]]);
        double[] solution = Solve(MemoryRows.Of(1, 100, Rule, noise: 1), 1e9, new LinearCandidate("", [1], prior));
        Near.AssertAll([1, 0, -1], solution.AsSpan(0, 3), 1e-6, "output 0, whose prior uses inputs that the candidate does not");
        Near.AssertAll([0, 2, 0], solution.AsSpan(4, 3), 1e-6, "output 1");
    }

    [TestMethod]
    public void OnlyTheInputsOfACandidateAreUsed()
    {
        MemoryRows rows = MemoryRows.Of(1, 100, Rule, noise: 1);
        double[] solution = Solve(rows, 1e-3, new LinearCandidate("", [0, 2]));
        Assert.AreEqual(0, solution[1]);
        var without = new MemoryRows(2, 2, [.. rows.X.Where((_, i) => i % 3 != 1)], rows.Y);
        double[] expected = Solve(without, 1e-3);
        Near.AssertAll(expected.AsSpan(0, 2), [solution[0], solution[2]], 1e-9, "a fit of two inputs");
        Assert.AreEqual(expected[2], solution[3], 1e-9);
    }

    /// <summary>An output with inputs of its own is fitted as by a candidate that has them for all outputs.</summary>
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.3)]
    public void AnInputOfAnOutputsOwnIsUsedByItAlone(double missing)
    {
        MemoryRows rows = MemoryRows.Of(1, 100, Rule, noise: 1, missing: missing);
        var prior = new LinearPrior([[(0, 1), (2, -1)], [(1, 2)]]);
        double[] solution = Solve(rows, 1e-2, new LinearCandidate("", [1], prior, Own: [[0], [2]]));
        double[] first = Solve(rows, 1e-2 * Diagonal([1]) / Diagonal([0, 1]), new LinearCandidate("", [0, 1], prior));
        double[] second = Solve(rows, 1e-2 * Diagonal([1]) / Diagonal([1, 2]), new LinearCandidate("", [1, 2], prior));
        Near.AssertAll([.. first[..4], .. second[4..]], solution, 1e-9, "coefficients");
        Assert.AreEqual(-1, solution[2], "output 0 has only the prior's coefficient of the other's input");

        double Diagonal(int[] inputs) => new NormalEquations(rows, 3, 2, 1, default).Sums.MeanDiagonal(inputs);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.05)]
    public void ALinearRuleIsFound(double missing)
    {
        LinearPart part = LinearPart.Fit(MemoryRows.Of(1, 400, Rule, missing: missing), 3, 2, All, gap: 2);
        Assert.AreEqual(CrossValidation.Penalties[0], part.Shares[0].Penalty, "without noise, the smallest penalty is the best");
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
        double[] together = Solve(both, 1e-3);
        for (int k = 0; k < 2; k++)
        {
            // The penalty is relative to all rows, so that it is another share of the rows of an output alone.
            var alone = new OneOutput(both, 3, 2, k);
            double all = new NormalEquations(both, 3, 2, 1, default).Sums.MeanDiagonal([0, 1, 2]), own = new NormalEquations(alone, 3, 1, 1, default).Sums.MeanDiagonal([0, 1, 2]);
            Assert.IsLessThan(all, own);
            Near.AssertAll(Solve(alone, 3, 1, 1e-3 * all / own), together.AsSpan(k * 4, 4), 1e-9, $"output {k}");
        }
    }

    [TestMethod]
    public void TheSumsGiveTheError()
    {
        MemoryRows rows = MemoryRows.Of(11, 90, Rule, noise: 1);
        LinearSums sums = new NormalEquations(rows, 3, 2, 1, default).Sums;
        double[] coefficients = [1, -2, 0, 0.5];
        double expected = 0;
        for (int row = 0; row < 90; row++)
        {
            double error = rows.Y[row * 2] - (rows.X[row * 3] - (2 * rows.X[(row * 3) + 1]) + 0.5);
            expected += error * error;
        }

        Assert.AreEqual(expected, sums.SquaredError(0, coefficients), 1e-9 * expected);
    }

    /// <summary>The errors of cross-validation are those of fits and forecasts one by one.</summary>
    [TestMethod]
    public void EveryFoldIsForecastFromTheRowsBefore()
    {
        const int Gap = 7, Rows = 203;
        MemoryRows rows = MemoryRows.Of(12, Rows, Rule, noise: 2);
        double[][] errors = CrossValidation.Errors(rows, Gap, All, 3, 2, 1, default)!;
        double sum = 0;
        int count = 0;
        for (int fold = 6; fold < 10; fold++)
        {
            int start = Rows * fold / 10, end = Rows * (fold + 1) / 10;
            double[] solution = Solve(rows.Take(0, start - Gap), 0.1);
            for (int row = start; row < end; row++)
            {
                for (int k = 0; k < 2; k++, count++)
                {
                    double forecast = solution[(k * 4) + 3];
                    for (int i = 0; i < 3; i++) forecast += solution[(k * 4) + i] * rows.X[(row * 3) + i];
                    sum += Math.Pow(rows.Y[(row * 2) + k] - forecast, 2);
                }
            }
        }

        Assert.AreEqual(sum / count, errors[0][5], 1e-9 * sum / count);
    }

    [TestMethod]
    public void NoiseChoosesALargerPenalty()
    {
        var rule = new double[1, 41];
        rule[0, 0] = 1;
        LinearCandidate[] all = [LinearCandidate.All(40)];
        double clean = LinearPart.Fit(MemoryRows.Of(4, 150, rule, noise: 0.01), 40, 1, all, gap: 1).Shares[0].Penalty;
        double noisy = LinearPart.Fit(MemoryRows.Of(4, 150, rule, noise: 3), 40, 1, all, gap: 1).Shares[0].Penalty;
        Assert.IsGreaterThan(clean, noisy);
    }

    [TestMethod]
    public void BetterCandidatesHaveLargerShares()
    {
        LinearCandidate[] candidates = [new("none", []), new("one", [0]), LinearCandidate.All(3)];
        LinearPart part = LinearPart.Fit(MemoryRows.Of(5, 400, Rule, noise: 3), 3, 2, candidates, gap: 2);
        Assert.AreEqual(1, part.Shares.Sum(share => share.Share), 1e-12);
        for (int c = 1; c < 3; c++)
        {
            Assert.IsLessThan(part.Shares[c - 1].Error, part.Shares[c].Error);
            Assert.IsGreaterThan(part.Shares[c - 1].Share, part.Shares[c].Share);
        }

        LinearPart clear = LinearPart.Fit(MemoryRows.Of(5, 400, Rule, noise: 0.1), 3, 2, candidates, gap: 2);
        Assert.AreEqual(0, clear.Shares[0].Share, "a share below a hundredth is dropped");
        LinearPart equal = LinearPart.Fit(MemoryRows.Of(5, 400, Rule, noise: 1), 3, 2, [candidates[2], candidates[2]], gap: 2);
        Assert.AreEqual(0.5, equal.Shares[0].Share, 1e-12);
        LinearPart alone = LinearPart.Fit(MemoryRows.Of(5, 400, Rule, noise: 1), 3, 2, [candidates[2]], gap: 2);
        Near.AssertAll(alone.Weights(1), equal.Weights(1), 1e-12, "the mean of two equal candidates");
    }

    [TestMethod]
    public void FittedAgainTheSharesStay()
    {
        MemoryRows rows = MemoryRows.Of(6, 200, Rule, noise: 1);
        LinearPart first = LinearPart.Fit(rows.Take(0, 150), 3, 2, All, gap: 2), again = first.FitAgain(rows, All);
        Assert.AreSame(first.Shares, again.Shares);
        Near.AssertAll(Solve(rows, first.Shares[0].Penalty).AsSpan(0, 3), again.Weights(0), 1e-12, "weights of a fit to all rows");
    }

    [TestMethod]
    public void FewRowsTakeTheFirstCandidate()
    {
        LinearPart part = LinearPart.Fit(MemoryRows.Of(7, 12, Rule), 3, 2, [.. All, new("none", [])], gap: 2);
        CollectionAssert.AreEqual(new[] { 1.0, 0.0 }, part.Shares.Select(share => share.Share).ToArray());
        Assert.AreEqual(0.01, part.Shares[0].Penalty);
        Assert.AreEqual(double.NaN, part.Shares[0].Error);
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

        LinearPart part = LinearPart.Fit(new MemoryRows(5, 1, x, y), 5, 1, [LinearCandidate.All(5)], gap: 1);
        var got = new double[1];
        part.Predict([1, 0.5, 0.5, 0, 1e5], got);
        Assert.IsTrue(double.IsFinite(got[0]));
        Assert.AreEqual(part.Weights(0)[1], part.Weights(0)[2], 1e-9, "equal columns share the weight");
        LinearPart small = LinearPart.Fit(new WithoutLast(new MemoryRows(5, 1, x, y), 5), 4, 1, [LinearCandidate.All(4)], gap: 1);
        small.Predict([1, 0.5, 0.5, 0], got);
        Assert.AreEqual(4, got[0], 1e-4);
    }

    [TestMethod]
    public void InputsOfZeroForecastTheMean()
    {
        LinearPart part = LinearPart.Fit(new MemoryRows(2, 1, new double[60], [.. Enumerable.Range(0, 30).Select(i => (double)i)]), 2, 1, [LinearCandidate.All(2)], gap: 1);
        var got = new double[1];
        part.Predict([5, -7], got);
        Assert.AreEqual(14.5, got[0], 1e-9);
    }

    [TestMethod]
    public void OutputsWithoutAnyTargetForecastZero()
    {
        double[] y = [.. Enumerable.Range(0, 60).Select(i => (double)i)], w = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 2))];
        LinearPart part = LinearPart.Fit(new MemoryRows(1, 2, [.. Enumerable.Range(0, 30).Select(i => i / 30.0)], y, w), 1, 2, [LinearCandidate.All(1)], gap: 2);
        Assert.AreEqual(0, part.Intercept(0));
        Assert.AreNotEqual(0, part.Intercept(1));
    }

    [TestMethod]
    public void ThreadsDoNotChangeTheResult()
    {
        const int Features = 120, Outputs = 40;
        var rule = new double[Outputs, Features + 1];
        for (int k = 0; k < Outputs; k++) rule[k, k] = 1;
        LinearCandidate[] candidates = [LinearCandidate.All(Features), new("half", [.. Enumerable.Range(0, Features / 2)])];
        foreach (int rows in new[] { 50, 2000 }) // too few for threads, and enough for them
        {
            MemoryRows complete = MemoryRows.Of(9, rows, rule, 1, 0.01);
            double[] ends = [.. Enumerable.Range(0, rows * Outputs).Select(i => (i / Outputs) + (i % Outputs) < rows ? 1.0 : 0)]; // each output lacks one row more
            foreach (MemoryRows data in new[] { complete, new MemoryRows(Features, Outputs, complete.X, complete.Y, ends) })
            {
                LinearPart one = LinearPart.Fit(data, Features, Outputs, candidates, gap: Outputs, threads: 1);
                LinearPart many = LinearPart.Fit(data, Features, Outputs, candidates, gap: Outputs, threads: 7);
                CollectionAssert.AreEqual(Bytes(one), Bytes(many));
            }
        }
    }

    [TestMethod]
    public void AFitCanBeCancelled() =>
        Assert.ThrowsExactly<OperationCanceledException>(() => LinearPart.Fit(MemoryRows.Of(1, 50, Rule), 3, 2, All, gap: 2, threads: 1, new CancellationToken(canceled: true)));

    [TestMethod]
    public void WrittenAndReadItIsTheSame()
    {
        LinearPart part = Fitted();
        byte[] bytes = Bytes(part);
        LinearPart read = Read(bytes, 3, 2);
        Assert.AreEqual((part.Features, part.Outputs), (read.Features, read.Outputs));
        CollectionAssert.AreEqual(bytes, Bytes(read));
    }

    [TestMethod]
    [DataRow(0, 4, "the inputs of the linear part must be from 3 to 3, but was 4")]
    [DataRow(4, -1, "the outputs of the linear part must be from 2 to 2, but was -1")]
    public void WrongSizesAreRefused(int at, int value, string message)
    {
        byte[] bytes = Bytes(Fitted());
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 3, 2)).Message);
    }

    [TestMethod]
    [DataRow(8, double.NaN, "coefficient 0 of output 0 of the linear part must be finite, but was NaN")]
    [DataRow(8 + 40, double.NegativeInfinity, "coefficient 1 of output 1 of the linear part must be finite, but was")]
    public void WrongNumbersAreRefused(int at, double value, string message)
    {
        byte[] bytes = Bytes(Fitted());
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 3, 2)).Message, message);
    }

    [TestMethod]
    public void SizesBeyondTheEntryAllocateNothing()
    {
        byte[] bytes = Bytes(Fitted());
        BitConverter.TryWriteBytes(bytes.AsSpan(0), 2_000_000_000);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), 1_000_000_000);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, 2_000_000_000, 1_000_000_000)).Message, "the number of coefficients of the linear part must be from 1 to 8");
        Assert.ThrowsExactly<InvalidDataException>(() => Read(Bytes(Fitted())[..^1], 3, 2));
    }

    private static LinearPart Fitted() => LinearPart.Fit(MemoryRows.Of(1, 50, Rule, noise: 0.3), 3, 2, All, gap: 2);

    private static double[] Solve(MemoryRows rows, double penalty, LinearCandidate? candidate = null) => Solve(rows, rows.Features, rows.Outputs, penalty, candidate);

    private static double[] Solve(ILinearRows rows, int features, int outputs, double penalty, LinearCandidate? candidate = null)
    {
        candidate ??= LinearCandidate.All(features);
        var equations = new NormalEquations(rows, features, outputs, threads: 1, default);
        var coefficients = new double[outputs * (features + 1)];
        var solver = new RidgeSolver(candidate, features + 1);
        foreach (var (group, sums) in equations.Groups.Zip(equations.SumsOf(equations.Groups)))
            Assert.IsTrue(solver.Solve(sums, group.Outputs, penalty * equations.Sums.MeanDiagonal(candidate.Inputs), coefficients));
        return coefficients;
    }

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
