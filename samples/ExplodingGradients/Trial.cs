using MlnetClip;
using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace ExplodingGradients;

/// <summary>One training of the plain recurrent layer; it succeeds with fewer than 1% errors on 10,000 sequences that it never saw.</summary>
internal sealed class Trial : ITrainingObserver, IDisposable
{
    private const int HiddenSize = 50, BatchSize = 20, TestSequences = 10_000, StepsBetweenTests = 2_000;

    private readonly ManagedBackend _backend;
    private readonly TrainingLoop _loop;
    private readonly TemporalOrder _test;
    private readonly SequenceBatch _batch;
    private readonly float[] _outputs;
    private readonly int[] _indices = new int[BatchSize];
    private readonly CancellationTokenSource _done = new();

    public Trial(int timeSteps, GradientClipping clipping, int seed, int maxSteps)
    {
        var model = new SequenceModelSpec(TemporalOrder.Symbols, HiddenSize, Layers: 1, TemporalOrder.Classes, Cell: CellType.Tanh);
        _backend = new ManagedBackend(model, timeSteps, BatchSize, new CrossEntropyLoss());
        _backend.Initialize((ulong)seed);
        Recur(_backend.Parameters, (ulong)seed);
        var options = new TrainingOptions
        {
            Epochs = 1, BatchSize = BatchSize, LearningRate = 0.01f, Optimizer = Optimizer.Sgd(), Shuffle = false,
            Clipping = clipping, NonFinite = NonFinitePolicy.Throw,
        };
        var train = new TemporalOrder(SeededRandom.Derive((ulong)seed, 1), maxSteps * BatchSize, timeSteps);
        _test = new TemporalOrder(SeededRandom.Derive((ulong)seed, 2), TestSequences, timeSteps);
        _loop = new TrainingLoop(_backend, options, train);
        _batch = new SequenceBatch(timeSteps, BatchSize, TemporalOrder.Symbols, TemporalOrder.Classes);
        _outputs = new float[BatchSize * TemporalOrder.Classes];
    }

    /// <summary>Share of the test sequences that the last test got wrong.</summary>
    public double Errors { get; private set; } = 1;

    /// <summary>The largest gradient norm before clipping.</summary>
    public double NormMax { get; private set; }

    /// <summary>Steps until the end.</summary>
    public long Steps { get; private set; }

    public bool Succeeded => Errors < 0.01;

    /// <summary>Trains to success, to a gradient that is not finite, or to the last step.</summary>
    public Trial Run()
    {
        try
        {
            _loop.Run(this, _done.Token);
        }
        catch (NonFiniteGradientException)
        {
            Errors = 1;
        }

        return this;
    }

    public void OnStep(in StepReport report)
    {
        Steps = report.Step + 1;
        NormMax = Math.Max(NormMax, report.Clip.NormBefore);
        if (Steps % StepsBetweenTests != 0) return;
        Errors = Test();
        if (Succeeded) _done.Cancel();
    }

    public void Dispose()
    {
        _backend.Dispose();
        _done.Dispose();
    }

    /// <summary>Recurrent weights drawn from N(0, 1/H): a spectral radius about 1, so that what happened early reaches the end.</summary>
    private static void Recur(ParameterSet parameters, ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Derive(seed, 3));
        foreach (ref float weight in parameters.ValuesOf(parameters.Items.First(p => p.Role == ParameterRole.Recurrent)))
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
            weight = (float)(radius * Math.Cos(angle) / Math.Sqrt(HiddenSize));
        }
    }

    private double Test()
    {
        int wrong = 0;
        for (int start = 0; start < TestSequences; start += BatchSize)
        {
            for (int i = 0; i < BatchSize; i++) _indices[i] = start + i;
            _test.Fill(_indices, _batch);
            _backend.Predict(_batch, _outputs);
            for (int b = 0; b < BatchSize; b++)
                if (Best(_outputs, b) != Best(_batch.Targets, b)) wrong++;
        }

        return (double)wrong / TestSequences;
    }

    private static int Best(ReadOnlySpan<float> rows, int row)
    {
        ReadOnlySpan<float> scores = rows.Slice(row * TemporalOrder.Classes, TemporalOrder.Classes);
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }
}
