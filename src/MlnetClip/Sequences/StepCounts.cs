using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>Counts labeled steps by true and predicted class, sequence by sequence.</summary>
/// <param name="classes">K: number of classes.</param>
internal sealed class StepCounts(int classes)
{
    /// <summary>The smallest probability that the logarithm is taken of, as in Microsoft.ML's evaluator.</summary>
    private const double Smallest = 1e-15;

    private readonly long[] _counts = new long[classes * classes]; // [true, predicted]
    private double _logLoss;
    private long _steps, _skipped, _sequences, _wholeSequences;

    /// <summary>Adds a sequence.</summary>
    /// <param name="labels">The keys of its steps, [T]; 0 for none.</param>
    /// <param name="predicted">The predicted keys, [T].</param>
    /// <param name="scores">The probabilities, [T, K].</param>
    public void Add(ReadOnlySpan<uint> labels, ReadOnlySpan<uint> predicted, ReadOnlySpan<float> scores)
    {
        bool any = false, all = true;
        for (int t = 0; t < labels.Length; t++)
        {
            if (labels[t] == 0) continue;
            int label = (int)labels[t] - 1, guess = (int)predicted[t] - 1;
            double probability = scores[(t * classes) + label];
            if (guess < 0 || double.IsNaN(probability))
            {
                _skipped++;
                continue;
            }

            any = true;
            all &= label == guess;
            _counts[(label * classes) + guess]++;
            _logLoss -= Math.Log(Math.Max(probability, Smallest));
            _steps++;
        }

        if (!any) return;
        _sequences++;
        if (all) _wholeSequences++;
    }

    /// <summary>The metrics of what was added.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="names">The names of the classes.</param>
    /// <param name="labelColumnName">The label column, for the error.</param>
    /// <exception cref="InvalidDataException">No step was evaluated.</exception>
    public SequenceLabelingMetrics Metrics(IHostEnvironment environment, IReadOnlyList<string> names, string labelColumnName)
    {
        if (_steps == 0)
            throw new InvalidDataException(
                $"There must be a labeled time step with a prediction to evaluate, but column '{labelColumnName}' has none: {_skipped} labeled steps are without a prediction."
                + $"{Environment.NewLine}Hint: check that the data has rows, and that their labels are among those of training.");
        double[] precision = new double[classes], recall = new double[classes];
        double[][] counts = new double[classes][];
        double recalls = 0;
        long right = 0;
        int found = 0;
        for (int k = 0; k < classes; k++)
        {
            counts[k] = [.. _counts.AsSpan(k * classes, classes).ToArray()];
            double labeled = counts[k].Sum(), predicted = 0, hits = counts[k][k];
            for (int other = 0; other < classes; other++) predicted += _counts[(other * classes) + k];
            (precision[k], recall[k]) = (predicted > 0 ? hits / predicted : 0, labeled > 0 ? hits / labeled : 0);
            right += (long)hits;
            if (labeled == 0) continue;
            found++;
            recalls += recall[k];
        }

        return new SequenceLabelingMetrics
        {
            MicroAccuracy = (double)right / _steps, MacroAccuracy = recalls / found, LogLoss = _logLoss / _steps,
            SequenceAccuracy = (double)_wholeSequences / _sequences, Steps = _steps, Sequences = _sequences, SkippedSteps = _skipped,
            ConfusionMatrix = ConfusionMatrices.Create(environment, counts, precision, recall, names),
        };
    }
}
