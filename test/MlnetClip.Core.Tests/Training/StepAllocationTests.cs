using MlnetClip.Core.Tests.Clipping;
using MlnetClip.Clipping;
using MlnetClip.Core.Tests.Layers;
using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>A step of the engine allocates nothing on any of its threads, so it never makes the garbage collector run.</summary>
/// <remarks><see cref="ObserverTests"/> checks the same of the loop, on the caller's thread.</remarks>
[TestClass]
public sealed class StepAllocationTests
{
    [TestMethod]
    [DataRow("norm:0.01", "Lstm")]
    [DataRow("value:0.001+agc:0.01", "Lstm")]
    [DataRow("inside:0.001+norm:0.01@recurrent", "Lstm")]
    [DataRow("norm:0.01", "Gru")]
    [DataRow("norm:0.01", "RnnTanh")]
    [DataRow("norm:0.01", "RnnRelu")]
    public void NoThreadAllocates(string clipping, string cell)
    {
        // Enough parameters that clipping and update are divided among the threads too, and enough sequences and time steps that
        // the caller has not done all the work before the other thread starts on it.
        int timeSteps = 10, batchSize = KernelPaths.Best == KernelPath.Scalar ? 4 : 40;
        bool isPlain = cell is nameof(RecurrentCell.RnnTanh) or nameof(RecurrentCell.RnnRelu);
        var spec = new StackSpec(Features: 26, HiddenSize: isPlain ? 352 : 208, Layers: 2, Outputs: 2, Dropout: 0.2f, Cell: Enum.Parse<RecurrentCell>(cell));
        using RandomModel model = RandomModel.Create(spec, timeSteps, batchSize, threads: 2);
        ManagedBackend backend = model.Backend;
        Assert.IsGreaterThan(262_144, backend.Parameters.Length);
        GradientClipping rules = GradientClipping.Parse(clipping);
        backend.BackpropClipping = rules.BackpropClipping?.At(default) ?? default;
        var chain = new Clipper(rules, NonFinitePolicy.Throw, backend.Parameters, null, deferScale: true, backend.Workers);
        Optimizer optimizer = Optimizer.Adam();
        var update = new OptimizerPass(optimizer, backend.Parameters, optimizer.CreateState(backend.Parameters), backend.Workers);
        int steps = 0;
        for (int i = 0; i < 3; i++) Step();

        Assert.AreEqual(0, Allocation.Of(backend.Workers, () =>
        {
            for (int i = 0; i < 5; i++) Step();
            Thread.Sleep(20); // the other thread stops spinning and sleeps: a step must wake it without allocating
            for (int i = 0; i < 5; i++) Step();
        }));
        Assert.AreEqual(steps, chain.Statistics.ClippedSteps, "The rules had nothing to do.");

        void Step()
        {
            backend.ComputeGradients(model.Batch, dropoutSeed: (ulong)steps);
            ClipReport report = chain.Apply(new ClippingStep(steps++, 0, batchSize, timeSteps, backend.LossTerms));
            update.Step(learningRate: 0f, report.PendingScale); // the weights stay, so that the rules always act
        }
    }
}
