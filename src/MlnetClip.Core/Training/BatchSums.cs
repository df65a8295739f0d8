namespace MlnetClip.Training;

/// <summary>The loss of a batch as two sums, so that batches and parts of batches add up exactly. Divide once to get the mean.</summary>
/// <param name="LossSum">Sum of the weighted losses over the batch's targets; may be NaN or infinite.</param>
/// <param name="WeightSum">Sum of the weights of the batch's targets, 0 or more.</param>
public readonly record struct BatchSums(double LossSum, double WeightSum)
{
    /// <summary>The mean loss; 0 where no target has a weight.</summary>
    public double Mean => WeightSum > 0 ? LossSum / WeightSum : 0;

    /// <summary>Adds the sums of two batches.</summary>
    public static BatchSums operator +(BatchSums first, BatchSums second) =>
        new(first.LossSum + second.LossSum, first.WeightSum + second.WeightSum);
}
