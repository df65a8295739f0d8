using MlnetClip.Losses;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>
/// Damaged checkpoints, half of them with a checksum that fits: each is refused with <see cref="InvalidDataException"/> and the fit is as it was, or it is
/// resumed and the fit runs to its end.
/// </summary>
[TestClass]
public sealed class CheckpointMutationTests
{
    private static readonly ArraySource Train = ArraySource.Learnable(count: 7, timeSteps: 4, features: 1, outputs: 1, seed: 1);
    private static readonly ArraySource Validation = ArraySource.Learnable(count: 3, timeSteps: 4, features: 1, outputs: 1, seed: 2);

    [TestMethod]
    [DataRow("adam", "norm:0.3", "throw", true)]
    [DataRow("sgd:momentum=0.9", "autoclip:50,history=5+value:2", "rollback:0.5,every=3", true)]
    [DataRow("adam", "adagc:1.05,0.98,warmup=2+skip-spike:6,window=6+stabilize:0.7,0.9", "skip:3", false)]
    [DataRow("adamw", "zclip:1,warmup=3+norm-layer:2xmean/4steps", "skip:3", false)]
    public void NoneDoesHarm(string optimizer, string clipping, string policy, bool validate)
    {
        var options = new TrainingOptions
        {
            Epochs = 3, BatchSize = 3, LearningRate = 0.02f, Seed = 4, MeasureTimeSteps = true,
            Optimizer = Optimizer.Parse(optimizer), Clipping = GradientClipping.Parse(clipping), NonFinite = NonFinitePolicy.Parse(policy),
        };
        var mutator = new Mutator(seed: 11);
        byte[][] good = [.. new[] { 1, 5, 9 }.Select(stop => Written(options, validate, stop))];
        int next = 0;

        MutationRun.Check($"Checkpoints, {clipping}", MutationRun.Count(0.1), () => mutator.Entry(good[next++ % good.Length]), file =>
        {
            using ManagedBackend backend = Backend();
            TrainingLoop loop = Loop(backend, options, validate);
            byte[] before = Saved(loop);
            try
            {
                loop.Resume(new MemoryStream(file));
            }
            catch (InvalidDataException)
            {
                Assert.IsTrue(before.AsSpan().SequenceEqual(Saved(loop)), "A refused checkpoint changed the fit.");
                return false;
            }

            try
            {
                Assert.IsNotEmpty(loop.Run().Clipping.Verdicts);
            }
            catch (Exception e) when (e is NonFiniteGradientException or TrainingDivergedException)
            {
                // Weights that are finite but huge overflow in one of the next steps.
            }

            return true;
        });
    }

    private static ManagedBackend Backend()
    {
        var backend = new StackSpec(Features: 1, HiddenSize: 2, Layers: 1, Outputs: 1).Backend(4, 3, new MseLoss());
        backend.Initialize(3);
        return backend;
    }

    private static TrainingLoop Loop(ManagedBackend backend, TrainingOptions options, bool validate) => new(backend, options, Train, validate ? Validation : null);

    private static byte[] Written(TrainingOptions options, bool validate, int steps)
    {
        using ManagedBackend backend = Backend();
        TrainingLoop loop = Loop(backend, options, validate);
        using var cancellation = new CancellationTokenSource();
        loop.Run(new StepRecorder(report =>
        {
            if (report.Step == steps - 1) cancellation.Cancel();
        }), cancellation.Token);
        return Saved(loop);
    }

    private static byte[] Saved(TrainingLoop loop)
    {
        using var stream = new MemoryStream();
        loop.Save(stream);
        return stream.ToArray();
    }
}
