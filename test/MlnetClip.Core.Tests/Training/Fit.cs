using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Losses;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>A small fit of the engine with everything that could differ between runs: dropout, shuffling, clipping, a short last batch.</summary>
internal sealed class Fit : IDisposable
{
    public const int StepsPerEpoch = 5;

    private static readonly ArraySource Train = ArraySource.Learnable(count: 23, timeSteps: 6, features: 3, outputs: 2, seed: 1);
    private static readonly ArraySource Validation = ArraySource.Learnable(count: 9, timeSteps: 6, features: 3, outputs: 2, seed: 2);

    public static readonly TrainingOptions Options = new()
    {
        Epochs = 3, BatchSize = 5, LearningRate = 0.02f, Seed = 4, Clipping = GradientClipping.ByGlobalNorm(0.3),
    };

    public Fit(TrainingOptions? options = null, int threads = 1, KernelSet? kernels = null, bool validate = true, ulong initialSeed = 3, ISequenceSource? validation = null, IBatchStream? training = null)
    {
        var spec = new StackSpec(Features: 3, HiddenSize: 20, Layers: 2, Outputs: 2, Dropout: 0.2f);
        Backend = spec.Backend(6, 5, new MseLoss(), threads, kernels);
        Backend.Initialize(initialSeed);
        Loop = new TrainingLoop(Backend, options ?? Options, training ?? new IndexedBatchStream(Train), validate ? new IndexedBatchStream(validation ?? Validation) : null);
    }

    /// <summary>The training sequences.</summary>
    public static ArraySource TrainingSource => Train;

    public ManagedBackend Backend { get; }

    public TrainingLoop Loop { get; }

    public float[] Weights => Backend.Parameters.Values.ToArray();

    public void Dispose() => Backend.Dispose();

    /// <summary>The validation loss of a backend's weights.</summary>
    public static double ValidationLoss(ManagedBackend backend)
    {
        var batch = new SequenceBatch(Validation.Shape, 5);
        BatchSums sums = default;
        using IBatchReader reader = new IndexedBatchStream(Validation).Open(new EpochRequest(5));
        while (reader.Read(batch)) sums += backend.ComputeLoss(batch);
        return sums.Mean;
    }

    /// <summary>Runs a whole fit and returns its weights.</summary>
    public static float[] Run(TrainingOptions? options = null, int threads = 1, KernelSet? kernels = null)
    {
        using var fit = new Fit(options, threads, kernels);
        fit.Loop.Run();
        return fit.Weights;
    }
}
