using System.Text.Json;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>What becomes of steps whose gradient is not finite.</summary>
[TestClass]
public sealed class NonFinitePolicyTests
{
    public static IEnumerable<object[]> Forms =>
    [
        ["throw", NonFinitePolicy.Throw],
        ["skip:10", NonFinitePolicy.SkipStep()],
        ["skip:3", NonFinitePolicy.SkipStep(3)],
        ["zero:10", NonFinitePolicy.ZeroTensor()],
        ["rollback:0.5", NonFinitePolicy.RollBack()],
        ["rollback:0.1,every=20,max=3", NonFinitePolicy.RollBack(0.1, 20, 3)],
    ];

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void PrintsAndReadsBack(string text, NonFinitePolicy policy)
    {
        Assert.AreEqual(text, policy.ToString());
        Assert.AreEqual(policy, NonFinitePolicy.Parse(text));
        Assert.AreEqual(policy, JsonSerializer.Deserialize<NonFinitePolicy>(JsonSerializer.Serialize(policy)));
    }

    [TestMethod]
    [DataRow("throw", "the fit ends")]
    [DataRow("skip:3", "more than 3 in a row end the fit")]
    [DataRow("zero:3", "are set to zero; more than 3 such steps in a row")]
    [DataRow("rollback:0.1,every=20,max=4", "(one every 20 steps), and the learning rate is multiplied by 0.1 each time; more than 4 times end the fit")]
    public void SaysWhatItDoes(string text, string words) => Assert.Contains(words, NonFinitePolicy.Parse(text).Describe());

    [TestMethod]
    [DataRow("skip", "skip:10")]
    [DataRow("zero", "zero:10")]
    [DataRow("rollback", "rollback:0.5")]
    public void FillsInDefaults(string text, string full) => Assert.AreEqual(full, NonFinitePolicy.Parse(text).ToString());

    [TestMethod]
    [DataRow("skip:0", 5, "maxConsecutive must be a whole number from 1 to 1000000, got 0")]
    [DataRow("skp", 0, "'skp' is not known")]
    [DataRow("rollback:2", 9, "learningRateFactor must be above 0 and at most 1, got 2")]
    [DataRow("throw:1", 6, "one argument too many")]
    public void PointsAtTheOffendingCharacter(string text, int position, string problem)
    {
        var error = Assert.ThrowsExactly<SettingFormatException>(() => NonFinitePolicy.Parse(text));
        Assert.AreEqual(position, error.Position);
        Assert.Contains(problem, error.Message);
        Assert.IsFalse(NonFinitePolicy.TryParse(text, out _));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void ThrowNamesTensorLayerGateAndStep(float bad)
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1), NonFinitePolicy.Throw, parameters);
        Gradients.Fill(parameters, 1, 1);
        parameters.GradientsOf(parameters["lstm.weight_hh_l1"])[(5 * 5) + 1] = bad; // row 5 of 20: gate f
        var error = Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(12, 3)));
        Assert.Contains("step 12 (epoch 4): 'lstm.weight_hh_l1', layer 1, gate f", error.Message);
        Assert.Contains("\nHint: ", error.Message);
        Assert.AreEqual(new NonFiniteEvent(12, 4, "lstm.weight_hh_l1", 1, "f", null), error.Event);
    }

    [TestMethod]
    public void AtTheFirstStepTheHintPointsAtTheData()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.None, NonFinitePolicy.Throw, parameters);
        parameters.GradientsOf(parameters["head.bias"])[0] = float.NaN;
        var error = Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(0)));
        Assert.Contains("'head.bias', layer 2", error.Message);
        Assert.Contains("features or labels", error.Message);
    }

    [TestMethod]
    public void SkipLeavesStepsOutWithinItsBudget()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1), NonFinitePolicy.SkipStep(2), parameters);
        string outcomes = "";
        foreach (bool good in (bool[])[true, false, false, true, false, false])
        {
            Fill(parameters, good);
            outcomes += chain.Apply(new ClippingStep(outcomes.Length)).TakesStep ? "+" : "-";
        }

        Assert.AreEqual("+--+--", outcomes);
        Fill(parameters, good: false);
        var error = Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(6)));
        Assert.Contains("the last of 3 such steps in a row", error.Message);
        Assert.AreEqual(4, chain.Statistics.SkippedSteps);
        Assert.AreEqual(4, chain.Statistics.NonFiniteSteps);
        Assert.AreEqual(2, chain.Statistics.FiniteSteps);
        Assert.HasCount(5, chain.FirstEvents);
    }

    [TestMethod]
    public void ZeroHasABudgetToo()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1), NonFinitePolicy.ZeroTensor(2), parameters);
        for (int step = 0; step < 6; step++)
        {
            Fill(parameters, good: step is 0 or 3);
            Assert.AreEqual(step is 0 or 3 ? StepOutcome.Applied : StepOutcome.ZeroedTensor, chain.Apply(new ClippingStep(step)).Outcome);
        }

        Fill(parameters, good: false);
        Assert.Contains("the last of 3 such steps in a row", Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(6))).Message);
    }

    [TestMethod]
    public void ZeroClearsTheTensorsConcernedAndClipsTheRest()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        float[] before = parameters.Gradients.ToArray();
        parameters.GradientsOf(parameters["lstm.weight_ih_l0"])[3] = float.NaN;
        parameters.GradientsOf(parameters["head.bias"])[1] = float.NegativeInfinity;
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1), NonFinitePolicy.ZeroTensor(), parameters);
        ClipReport report = chain.Apply(new ClippingStep(0));
        Assert.AreEqual(StepOutcome.ZeroedTensor, report.Outcome);
        Assert.IsTrue(report.TakesStep && report.Changed && !report.IsFinite);
        Assert.AreEqual(0, report.FirstBadParameter);
        Assert.AreEqual((1L, 0L, 1L, 0L), (chain.Statistics.Steps, chain.Statistics.FiniteSteps, chain.Statistics.ZeroedSteps, chain.Statistics.SkippedSteps));
        Assert.AreEqual(1, report.NormAfter, 1e-6);
        Assert.AreEqual(1, Gradients.Norm(parameters.Gradients), 1e-6);
        foreach (Parameter parameter in parameters.Items)
        {
            Span<float> gradient = parameters.GradientsOf(parameter);
            if (parameter.Name is "lstm.weight_ih_l0" or "head.bias") Assert.IsFalse(gradient.ContainsAnyExcept(0f), parameter.Name);
            else Assert.AreEqual(before[parameter.Offset] * report.Scale, gradient[0], 1e-6, parameter.Name);
        }
    }

    [TestMethod]
    public void RollBackReturnsToTheLastGoodSnapshot()
    {
        ParameterSet parameters = Gradients.Lstm();
        var target = new Target();
        var chain = new Clipper(GradientClipping.None, NonFinitePolicy.RollBack(0.25, snapshotEvery: 3, maxRollBacks: 2), parameters, target);
        string outcomes = "";
        foreach (bool good in (bool[])[true, true, true, true, false, true, false])
        {
            Fill(parameters, good);
            ClipReport report = chain.Apply(new ClippingStep(outcomes.Length));
            outcomes += report.Outcome == StepOutcome.RolledBack ? "r" : report.TakesStep ? "+" : "-";
        }

        Assert.AreEqual("++++r+r", outcomes);
        Assert.AreEqual("snapshot snapshot back:0.25 back:0.25 ", target.Log);
        Fill(parameters, good: false);
        Assert.Contains("after 2 roll-backs", Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(7))).Message);
    }

    [TestMethod]
    public void RollBackWithoutASnapshotEndsTheFit()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.None, NonFinitePolicy.RollBack(), parameters, new Target());
        Fill(parameters, good: false);
        Assert.Contains("before any finite gradient", Assert.ThrowsExactly<NonFiniteGradientException>(() => chain.Apply(new ClippingStep(0))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => new Clipper(GradientClipping.None, NonFinitePolicy.RollBack(), parameters));
    }

    [TestMethod]
    public void AGradientOf1e38IsNotInfinite()
    {
        ParameterSet parameters = Gradients.Lstm(hidden: 64);
        parameters.Gradients.Fill(1e38f);
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1), NonFinitePolicy.Throw, parameters);
        ClipReport report = chain.Apply(new ClippingStep(0));
        Assert.IsTrue(report.IsFinite);
        Near.AssertRelative(1e38 * Math.Sqrt(parameters.Length), report.NormBefore, 1e-6, "norm");
        Near.AssertRelative(1, Gradients.Norm(parameters.Gradients), 1e-6, "norm after");
    }

    private static void Fill(ParameterSet parameters, bool good)
    {
        Gradients.Fill(parameters, 1, 1);
        if (!good) parameters.Gradients[^1] = float.NaN;
    }

    private sealed class Target : IRollBackTarget
    {
        public string Log { get; private set; } = "";

        public bool HasSnapshot { get; private set; }

        public void TakeSnapshot()
        {
            HasSnapshot = true;
            Log += "snapshot ";
        }

        public void RollBack(float learningRateFactor) => Log += FormattableString.Invariant($"back:{learningRateFactor} ");
    }
}
