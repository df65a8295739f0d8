using System.Text.Json;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>What every clipping rule owes, whatever it does. A class for each rule derives from this one.</summary>
/// <param name="acting">Text form of a setting that changes a gradient of norm 10 after <see cref="Prepare"/>.</param>
/// <param name="loose">Text form of a setting that leaves that gradient as it is; null where the rule always acts.</param>
/// <param name="keepsDirection">Whether the rule promises one scale for everything.</param>
public abstract class ClippingRuleContract(string acting, string? loose, bool keepsDirection)
{
    /// <summary>The setting that acts.</summary>
    protected virtual GradientClipping Acting => GradientClipping.Parse(acting);

    /// <summary>The setting that does not.</summary>
    protected virtual GradientClipping? Loose => loose is null ? null : GradientClipping.Parse(loose);

    /// <summary>Norms of the steps before the one that is looked at; adaptive rules learn from them.</summary>
    protected virtual IEnumerable<double> Prepare => [];

    /// <summary>Whether the rule skips a step of a huge norm.</summary>
    protected virtual bool SkipsHugeNorms => false;

    /// <summary>Asserts that the rule's bound holds for the gradient after it.</summary>
    protected abstract void AssertBound(ParameterSet after, ClipReport report);

    [TestMethod]
    public void BoundHolds()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            (ParameterSet parameters, ClipReport report) = Run(Acting, p => Gradients.Fill(p, seed, 10));
            Assert.IsTrue(report.Changed, "The gradient of norm 10 was not clipped.");
            AssertBound(parameters, report);
        }
    }

    [TestMethod]
    public void KeepsTheDirectionWhereItPromisesTo()
    {
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 1, 10);
        (ParameterSet after, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 1, 10));
        double cosine = Dot(before.Gradients, after.Gradients) / (Gradients.Norm(before.Gradients) * Gradients.Norm(after.Gradients));
        if (keepsDirection)
        {
            Assert.AreEqual(1, cosine, 1e-12);
            Near.AssertRelative(report.Scale, report.NormAfter / report.NormBefore, 1e-12, "scale");
        }
        else
        {
            Assert.IsTrue(cosine is > 0 and < 0.99999, $"cosine {cosine}");
        }
    }

    [TestMethod]
    public void LeavesTheBitsAloneWhereLoose()
    {
        if (Loose is null) return;
        ParameterSet before = Gradients.Lstm();
        foreach (double norm in (double[])[10, 1e-3, 1e-38])
        {
            Gradients.Fill(before, 1, norm);
            (ParameterSet after, ClipReport report) = Run(Loose, p => Gradients.Fill(p, 1, norm));
            Near.AssertSameBits(before.Gradients, after.Gradients, $"gradient of norm {norm}");
            Assert.IsFalse(report.Changed);
            Assert.AreEqual(1, report.Scale);
            Assert.AreEqual(report.NormBefore, report.NormAfter);
            Assert.AreEqual(-1, report.Rule);
        }
    }

    [TestMethod]
    public void LeavesAZeroGradientZero()
    {
        (ParameterSet parameters, ClipReport report) = Run(Acting, p => p.Gradients.Clear());
        Assert.IsFalse(parameters.Gradients.ContainsAnyExcept(0f));
        Assert.AreEqual(0, report.NormAfter);
        Assert.IsFalse(report.Changed);
        Assert.AreEqual(StepOutcome.Applied, report.Outcome);
    }

    [TestMethod]
    public void TakesAnEmptyGroup()
    {
        var store = new GradientStore(Gradients.Lstm(), null);
        var empty = new GradientGroup(store, []);
        foreach (IClippingRule rule in Acting.Rules)
        {
            IClippingRule inner = rule is GroupRule group ? group.Inner : rule;
            ClippingState? state = inner.CreateState(empty);
            store.Measure();
            store.BeginRule();
            ClipReport report = inner.Apply(empty, new ClippingStep(0), state);
            Assert.AreEqual(0, report.Elements);
            Assert.AreEqual(0, report.NormBefore);
            Assert.IsFalse(report.Changed);
        }
    }

    [TestMethod]
    [DataRow(1e20)]
    [DataRow(1e38)]
    public void RescalesHugeEntriesInsteadOfLosingThem(double size)
    {
        (ParameterSet parameters, ClipReport report) = Run(Acting, p =>
        {
            Gradients.Fill(p, 3, 1);
            foreach (ref float g in p.Gradients) g = (float)Math.CopySign(size, g);
        });
        Assert.IsTrue(report.IsFinite);
        if (SkipsHugeNorms)
        {
            Assert.AreEqual(StepOutcome.Skipped, report.Outcome);
            return;
        }

        Assert.IsTrue(double.IsFinite(report.NormBefore) && report.NormBefore > size, $"norm before {report.NormBefore}");
        Assert.IsTrue(report.NormAfter > 0 && report.NormAfter < report.NormBefore, $"norm after {report.NormAfter}");
        Assert.AreEqual(-1, parameters.Gradients.IndexOf(0f), "An element was lost.");
        AssertBound(parameters, report);
    }

    [TestMethod]
    public void KeepsTinyEntries()
    {
        (ParameterSet parameters, ClipReport report) = Run(Acting, p =>
        {
            Gradients.Fill(p, 3, 1);
            foreach (ref float g in p.Gradients) g = (float)Math.CopySign(1e-40, g);
        });
        Near.AssertRelative(1e-40 * Math.Sqrt(parameters.Length), report.NormBefore, 1e-4, "norm before");
        Assert.AreEqual(-1, parameters.Gradients.IndexOf(0f), "An element was lost.");
        Assert.IsTrue(report.NormAfter > 0 && double.IsFinite(report.NormAfter));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void IsNotPoisonedByAStepThatIsNotFinite(float bad)
    {
        float[] clean = Sequence(null), interrupted = Sequence(bad);
        Near.AssertSameBits(clean, interrupted, "gradient after the interruption");

        float[] Sequence(float? interruption)
        {
            ParameterSet parameters = Gradients.Lstm();
            var chain = new Clipper(Acting, NonFinitePolicy.SkipStep(), parameters);
            Train(chain, parameters);
            if (interruption is { } value)
            {
                Gradients.Fill(parameters, 8, 1);
                parameters.Gradients[parameters.Length / 2] = value;
                ClipReport skipped = chain.Apply(new ClippingStep(100));
                Assert.AreEqual(StepOutcome.Skipped, skipped.Outcome);
                Assert.IsFalse(skipped.IsFinite);
            }

            Gradients.Fill(parameters, 9, 10);
            Assert.IsTrue(chain.Apply(new ClippingStep(101)).TakesStep);
            return parameters.Gradients.ToArray();
        }
    }

    [TestMethod]
    public void ResumesFromItsStateExactly()
    {
        ParameterSet first = Gradients.Lstm(), second = Gradients.Lstm();
        var uninterrupted = new Clipper(Acting, NonFinitePolicy.Throw, first);
        Train(uninterrupted, first);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true)) uninterrupted.Save(writer);
        file.Position = 0;
        var resumed = new Clipper(Acting, NonFinitePolicy.Throw, second);
        resumed.Load(new BinaryReader(file));
        Assert.AreEqual(file.Length, file.Position);
        for (int step = 0; step < 60; step++)
        {
            Gradients.Fill(first, (ulong)step, step % 7 == 0 ? 10 : 1);
            Gradients.Fill(second, (ulong)step, step % 7 == 0 ? 10 : 1);
            Assert.AreEqual(uninterrupted.Apply(new ClippingStep(200 + step)), resumed.Apply(new ClippingStep(200 + step)));
            Near.AssertSameBits(first.Gradients, second.Gradients, $"gradient at step {step}");
        }

        Assert.AreEqual(uninterrupted.Summarize(), resumed.Summarize());
    }

    [TestMethod]
    public void GivesTheSameBitsOnOneAndTwoThreads()
    {
        (float[] Gradient, ClipReport Report) one = On(1), two = On(2), three = On(3);
        Near.AssertSameBits(one.Gradient, two.Gradient, "gradient on two threads");
        Near.AssertSameBits(one.Gradient, three.Gradient, "gradient on three threads");
        Assert.AreEqual(one.Report, two.Report);
        Assert.AreEqual(one.Report, three.Report);

        (float[], ClipReport) On(int threads)
        {
            using var team = new ThreadTeam(threads);
            ParameterSet parameters = Gradients.Lstm(features: 40, hidden: 240, layers: 1, outputs: 4); // enough elements to be shared out
            var chain = new Clipper(Acting, NonFinitePolicy.Throw, parameters, null, false, team);
            Gradients.Fill(parameters, 5, 1);
            float[] gradient = parameters.Gradients.ToArray();
            int step = 0;
            ClipReport report = default;
            foreach (double norm in (IEnumerable<double>)[.. Prepare, 10])
            {
                for (int i = 0; i < gradient.Length; i++) parameters.Gradients[i] = gradient[i] * (float)norm;
                report = chain.Apply(new ClippingStep(step++));
            }

            return (parameters.Gradients.ToArray(), report);
        }
    }

    [TestMethod]
    public void AllocatesNothing()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(Acting, NonFinitePolicy.Throw, parameters);
        Train(chain, parameters);
        Gradients.Fill(parameters, 5, 10);
        float[] gradient = parameters.Gradients.ToArray();
        long allocated = long.MaxValue;
        for (int round = 0; round < 5; round++) // the runtime may allocate while it compiles: the best round counts
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 50; step++)
            {
                gradient.CopyTo(parameters.Gradients);
                chain.Apply(new ClippingStep(100 + (round * 50) + step));
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, allocated, acting);
    }

    [TestMethod]
    public void ReportsWhatHappened()
    {
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 4, 10);
        (ParameterSet after, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 4, 10));
        Near.AssertRelative(10, report.NormBefore, 1e-7, "norm before");
        Near.AssertRelative(Gradients.Norm(after.Gradients), report.NormAfter, 1e-6, "norm after");
        Assert.AreEqual(after.Length, report.Elements);
        Assert.AreEqual(1f, report.PendingScale);
        Assert.IsTrue(report.Rule >= 0 && report.Threshold > 0, $"rule {report.Rule}, threshold {report.Threshold}");
    }

    [TestMethod]
    public void TheOptimizersScaleCompletesADeferredOne()
    {
        (ParameterSet applied, ClipReport whole) = Run(Acting, p => Gradients.Fill(p, 4, 10));
        (ParameterSet deferred, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 4, 10), deferScale: true);
        if (keepsDirection) Assert.AreNotEqual(1f, report.PendingScale, "A scale over everything should be left to the optimizer.");
        foreach (ref float g in deferred.Gradients) g *= report.PendingScale;
        Near.AssertAll(applied.Gradients, deferred.Gradients, 1e-7, "gradient");
        Assert.AreEqual(whole, report with { PendingScale = 1 });
    }

    [TestMethod]
    public void PrintsATextThatReadsBack()
    {
        foreach (GradientClipping? clipping in (GradientClipping?[])[Acting, Loose])
        {
            if (clipping is null) continue;
            string text = clipping.ToString();
            Assert.AreEqual(clipping, GradientClipping.Parse(text));
            Assert.AreEqual(text, GradientClipping.Parse(text).ToString());
            Assert.AreEqual(clipping, JsonSerializer.Deserialize<GradientClipping>(JsonSerializer.Serialize(clipping)));
            Assert.AreEqual(clipping.GetHashCode(), GradientClipping.Parse(text).GetHashCode());
            foreach (IClippingRule rule in clipping.Rules) Assert.AreNotEqual("", rule.Describe(new ClippingStep(0)));
        }
    }

    /// <summary>One step after <see cref="Prepare"/>.</summary>
    private protected (ParameterSet Parameters, ClipReport Report) Run(GradientClipping clipping, Action<ParameterSet> fill, bool deferScale = false)
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(clipping, NonFinitePolicy.Throw, parameters, deferScale: deferScale);
        Train(chain, parameters);
        fill(parameters);
        ClipReport report = chain.Apply(new ClippingStep(100));
        return (parameters, report);
    }

    private void Train(Clipper chain, ParameterSet parameters)
    {
        int step = 0;
        foreach (double norm in Prepare)
        {
            Gradients.Fill(parameters, 1000 + (ulong)step, norm);
            Assert.IsTrue(chain.Apply(new ClippingStep(step++)).TakesStep);
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}
