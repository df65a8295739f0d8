namespace MlnetClip;

/// <summary>A gradient held a NaN or an infinity and the <see cref="NonFinitePolicy"/> ended the fit.</summary>
public sealed class NonFiniteGradientException : TrainingDivergedException
{
    internal NonFiniteGradientException(string message, NonFiniteEvent first)
        : base(message) => Event = first;

    /// <summary>Where and when.</summary>
    public NonFiniteEvent Event { get; }
}
