namespace LabelSteps;

/// <summary>What the model adds to a cycle: the phase of each reading.</summary>
public sealed class LabeledCycle
{
    public string[] PredictedLabel { get; set; } = [];
}
