using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Libtorch.Tests;

/// <summary>libtorch and the managed engine compute the same losses and gradients.</summary>
[TestClass]
public sealed class ParityTests : LibtorchTest
{
    private const double Tolerance = 1e-5;

    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 150).Select(seed => new object[] { (ulong)seed });

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void LossAndEveryGradientAgree(ulong seed)
    {
        GeneratedFit fit = GeneratedFit.Create(seed);
        var (managed, torch) = Both(fit);
        using (managed)
        using (torch)
        {
            managed.BackpropClipping = torch.BackpropClipping = fit.Limits;

            BatchSums expected = managed.ComputeGradients(fit.Batch, 77), actual = torch.ComputeGradients(fit.Batch, 77);

            Near.AssertRelative(expected.LossSum, actual.LossSum, Tolerance, $"loss of {fit}");
            Assert.AreEqual(expected.WeightSum, actual.WeightSum);
            foreach (Parameter parameter in managed.Parameters.Items)
                Near.AssertAll(managed.Parameters.GradientsOf(parameter), torch.Parameters.GradientsOf(torch.Parameters[parameter.Name]), Tolerance, $"{parameter} of {fit}");
            Assert.AreEqual(managed.ShareLimitedInside, torch.ShareLimitedInside, 1e-9, $"{fit}");

            double[] norms = new double[fit.Batch.TimeSteps], torchNorms = new double[fit.Batch.TimeSteps];
            managed.TimeStepNorms(norms);
            torch.TimeStepNorms(torchNorms);
            Near.AssertAll(norms, torchNorms, Tolerance, $"norms of {fit}");

            Near.AssertRelative(managed.ComputeLoss(fit.Batch).LossSum, torch.ComputeLoss(fit.Batch).LossSum, Tolerance, $"loss without dropout of {fit}");
        }
    }
}
