using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>Exchanges that come with the engine.</summary>
public static class GradientExchange
{
    /// <summary>One process trains alone: nothing is exchanged.</summary>
    public static IGradientExchange None { get; } = new Alone();

    private sealed class Alone : IGradientExchange
    {
        public BatchSums Combine(Span<float> gradient, BatchSums sums) => sums;
    }
}
