namespace ServePredictions;

/// <summary>The answer for an image: the digit that the model reads, and the probability of each of the ten.</summary>
public sealed class Digit
{
    public int PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
