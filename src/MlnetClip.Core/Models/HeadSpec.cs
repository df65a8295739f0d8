namespace MlnetClip.Models;

/// <summary>The end of a model: what is read of the time steps, and a dense layer over it.</summary>
/// <param name="Pooling">What the dense layer reads.</param>
/// <param name="Outputs">O: outputs, at least 1; of every time step with <see cref="MlnetClip.Pooling.EveryStep"/>.</param>
public sealed record HeadSpec(Pooling Pooling, int Outputs)
{
    /// <summary>For example <c>head(last, 26)</c>.</summary>
    public override string ToString() => $"head({Pooling.ToString().ToLowerInvariant()}, {Outputs})";
}
