using MlnetClip.Clipping;
using MlnetClip.Parameters;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Thresholds over the course of training.</summary>
[TestClass]
public sealed class ThresholdScheduleTests
{
    [TestMethod]
    [DataRow("norm:8", 8, 8, 8, 8)]
    [DataRow("norm:8..4/100steps", 8, 7, 6, 4)]
    [DataRow("norm:8..4/10epochs", 8, 7.6, 7.2, 4.4)]
    [DataRow("norm:8..4/100steps/cosine", 8, 7.414214, 6, 4)]
    [DataRow("norm:4..8/100steps", 4, 5, 6, 8)]
    public void MovesFromOneEndToTheOther(string text, double at0, double at25, double at50, double at150)
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
        foreach ((long step, int epoch, double expected) in ((long, int, double)[])[(0, 0, at0), (25, 1, at25), (50, 2, at50), (150, 9, at150)])
        {
            Gradients.Fill(parameters, 1, 10);
            ClipReport report = chain.Apply(new ClippingStep(step, epoch));
            Assert.AreEqual(expected, report.Threshold, 1e-5, $"step {step}");
            Assert.AreEqual(expected, report.NormAfter, 1e-5, $"step {step}");
        }
    }

    [TestMethod]
    public void CalibrationMeasuresWithoutClippingAndThenUsesTheMean()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("norm:0.5xmean/3steps"), NonFinitePolicy.SkipStep(), parameters);
        double[] norms = [2, 4, double.NaN, 6, 8, 1], after = [2, 4, double.NaN, 6, 2, 1];
        for (int step = 0; step < norms.Length; step++)
        {
            Gradients.Fill(parameters, (ulong)step, double.IsNaN(norms[step]) ? 1 : norms[step]);
            if (double.IsNaN(norms[step])) parameters.Gradients[0] = float.NaN;
            ClipReport report = chain.Apply(new ClippingStep(step));
            Assert.AreEqual(after[step], report.NormAfter, 1e-5, $"step {step}");
            if (step == 0) Assert.AreEqual(double.PositiveInfinity, report.Threshold);
            if (step == 4) Assert.AreEqual(2, report.Threshold, 1e-6);
        }
    }

    [TestMethod]
    public void CalibrationByTensorGivesEachItsOwnMean()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("norm-tensor:1xmean/2steps"), NonFinitePolicy.Throw, parameters);
        Gradients.Fill(parameters, 1, 1);
        float[] gradient = parameters.Gradients.ToArray();
        double[] expected = new double[parameters.Items.Count];
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < gradient.Length; i++) parameters.Gradients[i] = gradient[i] * (step + 1);
            if (step < 2)
                for (int i = 0; i < expected.Length; i++) expected[i] += Gradients.Norm(parameters.GradientsOf(parameters.Items[i])) / 2;
            chain.Apply(new ClippingStep(step));
        }

        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], Gradients.Norm(parameters.GradientsOf(parameters.Items[i])), 1e-6, parameters.Items[i].Name);
    }

    [TestMethod]
    public void ANumberIsAConstantSchedule()
    {
        Schedule schedule = 0.1f;
        Assert.AreEqual(Schedule.Constant(0.1), schedule);
        Assert.AreEqual("0.1", schedule.ToString());
        Assert.AreNotEqual(Schedule.Linear(1, 2, steps: 5), Schedule.Cosine(1, 2, steps: 5));
        Assert.AreNotEqual(Schedule.Linear(1, 2, steps: 5), Schedule.Linear(1, 2, epochs: 5));
    }

    [TestMethod]
    public void WhatIsMeantForALearningRateIsNoThreshold()
    {
        foreach (Schedule schedule in (Schedule[])[Schedule.Constant(), Schedule.CosineToEnd(), Schedule.StepDecay(), Schedule.Constant(1).WithWarmUp(5)])
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ByGlobalNorm(schedule));
            Assert.Contains($"maxNorm must be a number or go from one to another, such as 5..1/1000steps, but was '{schedule}'", error.Message);
        }
    }
}
