namespace MlnetClip.Sequences;

/// <summary>Learns from the labels of the training rows what scales all labels: the statistics of numbers, or the weights of classes.</summary>
internal abstract class LabelLearner
{
    /// <summary>Adds the targets of a training row. Those of weight 0 do not count.</summary>
    public abstract void Add(ReadOnlySpan<float> targets, ReadOnlySpan<float> weights);

    /// <summary>What the model predicts, after the last row.</summary>
    /// <exception cref="InvalidDataException">The labels do not vary.</exception>
    /// <exception cref="ArgumentException">There are not as many class weights as classes.</exception>
    public abstract SequenceTask End();

    /// <summary>Scales the targets and weights of any row in place, after <see cref="End"/>.</summary>
    public abstract void Scale(Span<float> targets, Span<float> weights);
}
