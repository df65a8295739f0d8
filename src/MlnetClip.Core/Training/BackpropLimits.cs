namespace MlnetClip.Training;

/// <summary>Limits on the gradient inside the backward pass through time in one step; the default has none.</summary>
/// <param name="Value">Limit on the magnitude of every element of the gradient propagated to the previous time step, for the mean loss; null for none.</param>
/// <param name="Norm">Limit on the 2-norm of that gradient for each sequence, for the mean loss; null for none.</param>
/// <param name="TruncateSteps">The number of time steps, from the end of the sequence, that the gradient is propagated through, at least 1; null for all.</param>
public readonly record struct BackpropLimits(float? Value = null, float? Norm = null, int? TruncateSteps = null)
{
    /// <summary>Whether the gradient propagated between time steps is limited.</summary>
    public bool HasLimit => Value is not null || Norm is not null;
}
