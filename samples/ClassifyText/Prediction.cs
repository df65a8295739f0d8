namespace ClassifyText;

/// <summary>What the model adds to a sentence.</summary>
public sealed class Prediction
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}
