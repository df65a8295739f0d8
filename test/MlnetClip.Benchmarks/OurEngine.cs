using MlnetClip.TestKit;
using System.Diagnostics;
using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Kernels;
using MlnetClip.Losses;
using MlnetClip.Optimizers;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>Our side of a row: the same job as the peers', on a pool of 8 batches with the same targets.</summary>
internal static class OurEngine
{
    private const int Pool = 8;

    /// <summary>Until the runtime has compiled everything with full optimization, which occupies one of two cores.</summary>
    private const double WarmUpSeconds = 1;

    /// <summary>Median milliseconds of a training step and of its clipping.</summary>
    public sealed record TrainingResult(double StepMs, double ClipMs);

    /// <summary>Measures training steps for about <paramref name="seconds"/>.</summary>
    public static TrainingResult Train(EngineRow row, int threads, double seconds)
    {
        var (stepMs, clipMs, _) = Steps(row, threads, seconds, KernelSet.Best);
        return new(stepMs, clipMs);
    }

    /// <summary>GFLOP/s of all threads together while they are in matrix products.</summary>
    public static double MatrixGflops(EngineRow row, int threads, double seconds)
    {
        var (_, _, matrixSeconds) = Steps(row, threads, seconds, new TimedKernels(KernelSet.Best));
        return row.MatrixGflop / (matrixSeconds / threads);
    }

    /// <summary>Median microseconds of a forward pass of a row's sequences, all at once, on one thread.</summary>
    public static double InferUs(EngineRow row, double seconds)
    {
        var packed = new PackedModel(row.Model, RandomWeights(row));
        float[] input = new float[row.B * row.T * row.I], output = new float[row.B];
        var random = new SeededRandom(2);
        foreach (ref float x in input.AsSpan()) x = (2 * random.NextSingle()) - 1;
        Action predict;
        if (row.B == 1)
        {
            var predictor = new SequencePredictor(packed);
            predict = () => predictor.Predict(input, output);
        }
        else
        {
            var predictor = new BatchPredictor(packed);
            predict = () => predictor.Predict(input, row.B, output);
        }

        var warmUp = Stopwatch.StartNew();
        for (int call = 0; call < 30 || warmUp.Elapsed.TotalSeconds < WarmUpSeconds; call++) predict();
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            long start = Stopwatch.GetTimestamp();
            predict();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return Median(times);
    }

    /// <summary>Weights as before training.</summary>
    public static float[] RandomWeights(EngineRow row)
    {
        using ManagedBackend backend = Backend(row with { B = 1 }, 1, KernelSet.Best);
        backend.Initialize(1);
        return backend.Parameters.Values.ToArray();
    }

    /// <summary>An engine for a row.</summary>
    public static ManagedBackend Backend(EngineRow row, int threads, KernelSet kernels)
    {
        var loss = new MseLoss();
        return new(row.Model, new BatchShape(row.T, row.I, 1), row.B, loss, threads, kernels);
    }

    private static (double StepMs, double ClipMs, double MatrixSeconds) Steps(
        EngineRow row, int threads, double seconds, KernelSet kernels)
    {
        using ManagedBackend backend = Backend(row, threads, kernels);
        backend.Initialize(1234);
        return Steps(row, backend, seconds, kernels as TimedKernels);
    }

    /// <summary>Medians of a training step of any engine, its clipping and, where the kernels are timed, its matrix products.</summary>
    internal static (double StepMs, double ClipMs, double MatrixSeconds) Steps(EngineRow row, IBackend backend, double seconds, TimedKernels? kernels = null)
    {
        var optimizer = Optimizer.Adam();
        var update = new OptimizerPass(optimizer, backend.Parameters, optimizer.CreateState(backend.Parameters), backend.Workers);
        var clipping = new GradientStages(GradientClipping.ByGlobalNorm(1f), backend.Parameters, backend.Workers);
        var batches = Batches(row);
        List<double> steps = [], clips = [], matrix = [];
        var clock = Stopwatch.StartNew();
        for (int i = 0; clock.Elapsed.TotalSeconds < WarmUpSeconds + seconds || i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            BatchSums sums = backend.ComputeGradients(batches[i % Pool], 0);
            long clipStart = Stopwatch.GetTimestamp();
            ClipReport report = clipping.Apply(new ClippingStep(i, 0, row.B, row.T, 1), sums.WeightSum);
            double clip = Stopwatch.GetElapsedTime(clipStart).TotalMilliseconds;
            update.Step(1e-3f, report.PendingScale);
            double step = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            double inMatrix = kernels?.TakeMatrixSeconds() ?? 0;
            if (clock.Elapsed.TotalSeconds < WarmUpSeconds) continue;
            steps.Add(step);
            clips.Add(clip);
            matrix.Add(inMatrix);
        }

        return (Median(steps), Median(clips), Median(matrix));
    }

    internal static SequenceBatch[] Batches(EngineRow row)
    {
        var random = new SeededRandom(1234);
        var batches = new SequenceBatch[Pool];
        for (int n = 0; n < Pool; n++)
        {
            var batch = batches[n] = new SequenceBatch(new BatchShape(row.T, row.I, 1), row.B);
            foreach (ref float x in batch.Inputs) x = Normal(random);
            for (int b = 0; b < row.B; b++)
            {
                double z = 0;
                for (int t = 0; t < row.T; t++)
                    z += batch.Inputs[(t * row.B + b) * row.I] * (0.2 + 0.8 * t / Math.Max(1, row.T - 1));
                batch.Targets[b] = (float)Math.Sin(z / Math.Sqrt(row.T));
            }
        }

        return batches;
    }

    private static float Normal(SeededRandom random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[values.Count / 2];
    }
}
