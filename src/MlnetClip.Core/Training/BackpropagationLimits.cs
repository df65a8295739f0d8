namespace MlnetClip.Training;

/// <summary>What a backend does to the gradient inside the backward pass through time in one step; the default does nothing.</summary>
/// <param name="Value">Limit on the magnitude of every element that is propagated from one time step to the one before it, for the mean loss; null for none.</param>
/// <param name="Norm">Limit on the 2-norm of the same, sequence by sequence, for the mean loss; null for none.</param>
/// <param name="TruncateSteps">Time steps from the end of the sequence that the gradient is propagated through, at least 1; null for all.</param>
public readonly record struct BackpropagationLimits(float? Value = null, float? Norm = null, int? TruncateSteps = null)
{
    /// <summary>Whether what is propagated between time steps is limited.</summary>
    public bool HasLimit => Value is not null || Norm is not null;
}
