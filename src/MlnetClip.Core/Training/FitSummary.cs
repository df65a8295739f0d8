using MlnetClip.Clipping;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>Creates the clipping record of a fit from its options and its state.</summary>
internal static class FitSummary
{
    /// <param name="options">The fit's options.</param>
    /// <param name="parameters">The model's.</param>
    /// <param name="state">Its state.</param>
    /// <param name="timeSteps">T: time steps of a sequence.</param>
    /// <param name="lossTerms">Terms of the loss per sequence.</param>
    public static ClippingSummary Of(TrainingOptions options, ParameterSet parameters, FitState state, int timeSteps, int lossTerms)
    {
        ClippingStatistics statistics = state.Statistics;
        var step = new ClippingStep(0, 0, state.LargestBatch, timeSteps, lossTerms);
        return new ClippingSummary
        {
            Clipping = options.Clipping.ToString(),
            Policy = options.NonFinite.ToString(),
            LearningRate = options.LearningRate,
            Optimizer = options.Optimizer.ToString(),
            Cells = [.. parameters.Items.Where(parameter => parameter.Role == ParameterRole.Recurrent).Select(CellOf).Distinct()],
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

    /// <summary>The kind of a recurrent layer, by the gates of its weights.</summary>
    private static string CellOf(Parameter recurrent) =>
        recurrent.Gates.Count == ModelLayout.GatesOf(RecurrentCell.Lstm).Count ? "lstm"
        : recurrent.Gates.Count == ModelLayout.GatesOf(RecurrentCell.Gru).Count ? "gru"
        : "rnn";
}
