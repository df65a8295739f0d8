using MlnetClip.Clipping;

namespace MlnetClip.Training;

/// <summary>Creates the clipping record of a fit from its options and its state.</summary>
internal static class FitSummary
{
    /// <param name="options">The fit's options.</param>
    /// <param name="state">Its state.</param>
    /// <param name="timeSteps">T: time steps of a sequence.</param>
    /// <param name="lossTerms">Terms of the loss per sequence.</param>
    public static ClippingSummary Of(TrainingOptions options, FitState state, int timeSteps, int lossTerms)
    {
        ClippingStatistics statistics = state.Statistics;
        var step = new ClippingStep(0, 0, state.LargestBatch, timeSteps, lossTerms);
        return new ClippingSummary
        {
            Clipping = options.Clipping.ToString(),
            Policy = options.NonFinite.ToString(),
            LearningRate = options.LearningRate,
            Optimizer = options.Optimizer.ToString(),
            BackpropClipping = [.. options.Clipping.BackpropClipping?.Describe() ?? []],
            Rules = [.. state.Clipping.Rules.Select(rule => $"{rule.Text}: {rule.Describe(step)}")],
            StepsInForce = [.. state.Clipping.StepsInForce],
            Steps = statistics.Steps,
            FiniteSteps = statistics.FiniteSteps,
            ClippedSteps = statistics.ClippedSteps,
            RescaledSteps = statistics.RescaledSteps,
            SkippedSteps = statistics.SkippedSteps,
            ZeroedSteps = statistics.ZeroedSteps,
            RollBacks = statistics.RollBacks,
            Elements = statistics.Elements,
            ShareLimitedInside = statistics.ShareLimitedInside,
            ShareOfElementsClamped = statistics.ShareOfElementsClamped,
            MeanReduction = statistics.MeanReduction,
            NormMean = statistics.NormMean,
            NormMeanAfter = statistics.NormMeanAfter,
            NormMax = statistics.NormMax,
            NormQuantiles = statistics.NormQuantiles([.. ClippingSummary.QuantileShares]),
            QuantilesAreExact = statistics.QuantilesAreExact,
            States = [.. state.Clipping.Describe()],
            TimeStepNorms = state.TimeSteps.Means,
            FirstEvents = [.. state.Guard.FirstEvents],
        };
    }
}
