namespace MlnetClip.Models;

/// <summary>The head of a model: a pooling of the time steps and a dense layer over it.</summary>
/// <param name="Pooling">How the time steps are pooled for the dense layer.</param>
/// <param name="Outputs">O: outputs, at least 1; per time step with <see cref="MlnetClip.Pooling.EveryStep"/>.</param>
public sealed record HeadSpec(Pooling Pooling, int Outputs)
{
    /// <summary>For example <c>head(last, 26)</c>.</summary>
    public override string ToString() => $"head({Pooling.ToString().ToLowerInvariant()}, {Outputs})";
}
