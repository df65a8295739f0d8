using Microsoft.ML.Data;
using static System.FormattableString;

namespace MlnetClip;

/// <summary>
/// How well the time steps of sequences were labeled, as <c>mlContext.MulticlassClassification.EvaluateSteps</c> measures it. Every labeled step
/// counts equally, regardless of its sequence; steps without a label never count.
/// </summary>
public sealed record SequenceLabelingMetrics
{
    internal SequenceLabelingMetrics()
    {
    }

    /// <summary>The share of labeled steps whose class was predicted correctly, from 0 to 1.</summary>
    public required double MicroAccuracy { get; init; }

    /// <summary>The mean over the classes that occur of the share of their steps that were predicted correctly, from 0 to 1.</summary>
    public required double MacroAccuracy { get; init; }

    /// <summary>The mean over labeled steps of minus the natural logarithm of the probability of the true class, 0 or more.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The share of sequences with labels whose labeled steps were all predicted correctly, from 0 to 1.</summary>
    public required double SequenceAccuracy { get; init; }

    /// <summary>Steps by true and predicted class, with the precision and recall of each class.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }

    /// <summary>Labeled steps that were evaluated.</summary>
    public required long Steps { get; init; }

    /// <summary>Sequences with at least one step that was evaluated.</summary>
    public required long Sequences { get; init; }

    /// <summary>Labeled steps without a prediction, because their sequence has a value that is NaN or infinite; they are in no other number.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>The figures in one line.</summary>
    public override string ToString() =>
        Invariant($"accuracy {MicroAccuracy:P1} of {Steps} steps, {SequenceAccuracy:P1} of {Sequences} sequences entirely correct, macro accuracy {MacroAccuracy:P1}, log loss {LogLoss:G4}")
        + (SkippedSteps == 0 ? "" : Invariant($", {SkippedSteps} steps without a prediction"));
}
