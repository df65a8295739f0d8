using MlnetClip;
using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Training;

namespace ExplodingGradients;

/// <summary>One training of the plain recurrent layer; it succeeds with fewer than 1% errors on 10,000 sequences that it never saw.</summary>
internal sealed class Trial : IFitObserver, IDisposable
{
    private const int HiddenSize = 50, BatchSize = 20, TestSequences = 10_000, StepsBetweenTests = 2_000;

    private readonly ManagedBackend _backend;
    private readonly TrainingLoop _loop;
    private readonly TemporalOrder _test;
    private readonly SequenceBatch _batch;
    private readonly int[] _indices = new int[BatchSize];
    private readonly List<double> _norms = [];
    private readonly CancellationTokenSource _done = new();
    private long _clipped;
    private bool _solved;

    public Trial(Setting setting)
    {
        (string start, int timeSteps, string clipping, int seed, int maxSteps) = setting;
        var model = ModelSpec.Stack(
            TemporalOrder.Symbols, new RecurrentSpec(RecurrentCell.RnnTanh, HiddenSize), layers: 1, new HeadSpec(Pooling.Last, TemporalOrder.Classes));
        var options = new TrainingOptions
        {
            Epochs = 1, BatchSize = BatchSize, LearningRate = 0.01f, Optimizer = Optimizer.Sgd(), Shuffle = false,
            Clipping = GradientClipping.Parse(clipping), NonFinite = NonFinitePolicy.Throw,
        };
        var train = new TemporalOrder(SeededRandom.Derive((ulong)seed, 1), maxSteps * BatchSize, timeSteps);
        _backend = new ManagedBackend(model, train.Shape, BatchSize, new CrossEntropyLoss());
        _backend.Initialize((ulong)seed);
        Start.Fill(_backend.Parameters, start, SeededRandom.Derive((ulong)seed, 3));
        _test = new TemporalOrder(SeededRandom.Derive((ulong)seed, 2), TestSequences, timeSteps);
        _loop = new TrainingLoop(_backend, options, new IndexedBatchStream(train));
        _batch = new SequenceBatch(train.Shape, BatchSize);
    }

    /// <summary>Trains until it succeeds, until a gradient is not finite, or until the last step.</summary>
    public Outcome Run()
    {
        try
        {
            _loop.Run(this, _done.Token);
        }
        catch (NonFiniteGradientException)
        {
            _solved = false;
        }

        _norms.Sort();
        return new Outcome(_solved, _norms.Count, _norms[_norms.Count / 2], _norms[^1], (double)_clipped / _norms.Count);
    }

    public void OnStep(in StepReport report)
    {
        _norms.Add(report.Clip.NormBefore);
        if (report.Clip.Changed) _clipped++;
        if (_norms.Count % StepsBetweenTests != 0) return;
        _solved = Errors() < 0.01;
        if (_solved) _done.Cancel();
    }

    public void Dispose()
    {
        _backend.Dispose();
        _done.Dispose();
    }

    /// <summary>Share of the test sequences that the model gets wrong.</summary>
    private double Errors()
    {
        int wrong = 0;
        for (int start = 0; start < TestSequences; start += BatchSize)
        {
            for (int i = 0; i < BatchSize; i++) _indices[i] = start + i;
            _test.Fill(_indices, _batch);
            _backend.ComputeLoss(_batch);
            for (int b = 0; b < BatchSize; b++)
                if (Best(_backend.Outputs, b) != _batch.Targets[b]) wrong++;
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
