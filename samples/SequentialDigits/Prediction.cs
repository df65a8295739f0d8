namespace SequentialDigits;

/// <summary>What the model adds to an image: the digit that it reads, and the probability of each of the ten.</summary>
public sealed class Prediction
{
    public int PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
