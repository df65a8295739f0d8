using MlnetClip.Data;
using MlnetClip.LearningRates;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Finds a learning rate by a sweep (Smith 2017, arXiv:1506.01186): a short training from the initial weights, in which the rate rises by equal factors until
/// the loss rises with it. The proposal is a tenth of the rate at which the smoothed loss was lowest.
/// </summary>
public static class LearningRateFinder
{
    internal static readonly OptionRange[] Ranges =
    [
        new("minimum", 0, MinimumLegal: false), new("maximum", 0, 1000, MinimumLegal: false), new("steps", 20, 100_000, Whole: true),
    ];

    /// <summary>Runs a sweep. The weights are afterwards as they were before.</summary>
    /// <param name="backend">The engine, with the weights to start from.</param>
    /// <param name="options">The options of the fit that is to follow: batch size, optimizer, clipping, seed. The learning rate and its schedule, epochs, stopping and checkpoints are not used.</param>
    /// <param name="train">The training sequences.</param>
    /// <param name="minimum">The first learning rate, above 0; default 0.00001.</param>
    /// <param name="maximum">The last learning rate, above <paramref name="minimum"/> and at most 1000; default 1.</param>
    /// <param name="steps">Training steps at most, from 20 to 100,000; default 100. The sweep ends earlier when the loss has risen to four times its lowest value.</param>
    /// <param name="cancellation">Ends the sweep.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The sweep was cancelled.</exception>
    public static LearningRateSweep Run(
        IBackend backend, TrainingOptions options, IBatchStream train, double minimum = 1e-5, double maximum = 1, int steps = 100, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        var errors = new OptionErrors(nameof(LearningRateFinder));
        errors.Check(Ranges[0], minimum);
        errors.Check(Ranges[1], maximum);
        errors.Check(Ranges[2], steps);
        if (!(minimum < maximum)) errors.Add("minimum", "must be below maximum", FormattableString.Invariant($"{minimum} with maximum {maximum}"));
        errors.ThrowIfAny();

        float[] weights = backend.Parameters.Values.ToArray();
        BackpropLimits limits = backend.BackpropClipping;
        CancellationToken before = backend.Cancellation;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var recorder = new SweepRecorder(steps, stop.Cancel);
        try
        {
            var loop = new TrainingLoop(backend, OfSweep(options, minimum, maximum, steps, train.Count), train);
            loop.Run(recorder, stop.Token);
        }
        catch (Exception error) when (error is NonFiniteGradientException or TrainingDivergedException)
        {
            // The end of the sweep: the rate is too large.
        }
        finally
        {
            weights.CopyTo(backend.Parameters.Values);
            backend.BackpropClipping = limits;
            backend.Cancellation = before;
        }

        cancellation.ThrowIfCancellationRequested();
        (float? proposal, string reason) = LearningRateChoice.Of(recorder.Points, recorder.HasRisen);
        return new LearningRateSweep(recorder.Points, proposal, reason, options.Clipping, options.Optimizer);
    }

    private static TrainingOptions OfSweep(TrainingOptions options, double minimum, double maximum, int steps, long sequences)
    {
        long batches = Math.Max(1, EpochBatches.Steps(sequences, options.BatchSize, options.AccumulatedBatches));
        return options with
        {
            LearningRate = 1,
            Schedule = Schedule.Exponential(minimum, maximum, steps: steps - 1), // the last step has the maximum
            Epochs = (int)((steps + batches - 1) / batches),
            NonFinite = NonFinitePolicy.Throw,
            EarlyStopping = null,
            CheckpointPath = null,
            MeasureTimeSteps = false,
            WeightAveraging = null,
        };
    }
}
