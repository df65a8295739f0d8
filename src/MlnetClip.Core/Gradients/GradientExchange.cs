using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>The exchanges included in the engine.</summary>
public static class GradientExchange
{
    /// <summary>Training in one process: nothing is exchanged.</summary>
    public static IGradientExchange None { get; } = new Alone();

    private sealed class Alone : IGradientExchange
    {
        public BatchSums Combine(Span<float> gradient, BatchSums sums) => sums;
    }
}
