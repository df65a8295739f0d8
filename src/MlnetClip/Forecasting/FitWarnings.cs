using Microsoft.ML;
using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace MlnetClip.Forecasting;

/// <summary>What the user should know of a fit that has ended: its best epoch is the last one, or a naive forecast is better on the validation rows.</summary>
internal static class FitWarnings
{
    private const int FewestEpochs = 10; // a fit of fewer is a trial run
    private const int FewestApart = 5; // validation windows that do not overlap, below which a smaller error may be chance

    /// <summary>Sends the warnings to the host's log.</summary>
    public static void Report(
        IHost host, LstmForecastingModelParameters model, ForecastTrainingData data, LstmForecastingTrainer.Options options, TrainingResult result)
    {
        string?[] warnings = [LastEpoch(model, options, result), Naive(model, data, options)];
        if (warnings.All(warning => warning is null)) return;
        using IChannel channel = host.Start("Training");
        foreach (string warning in warnings.OfType<string>()) channel.Warning(MessageSensitivity.Schema, warning);
    }

    /// <summary>A warning where the validation loss still fell in the last epoch, and the network counts.</summary>
    public static string? LastEpoch(LstmForecastingModelParameters model, LstmForecastingTrainer.Options options, TrainingResult result)
    {
        if (result.BestValidationLoss is null || result.BestEpoch < result.EpochsRun || result.EpochsRun < FewestEpochs || model.Encoder.Linear is { NetworkShare: 0 }) return null;
        return Invariant($"The last of {result.EpochsRun} epochs has the lowest validation loss: the network may not have learned all that it can.{Environment.NewLine}")
            + $"Hint: set {nameof(options.NumberOfEpochs)} or {nameof(options.MinimumNumberOfSteps)} higher, with {nameof(options.EarlyStopping)} to end in time.";
    }

    /// <summary>A warning where the last value, the last season or the last season plus the change over it has a smaller error than the model.</summary>
    public static string? Naive(LstmForecastingModelParameters model, ForecastTrainingData data, LstmForecastingTrainer.Options options)
    {
        if (data.Validation is null || data.WholeHorizon(options.LargestGap).CountApart() < FewestApart) return null;
        ValidationErrors errors = ValidationErrors.Of(model, data, options);
        (double error, string name) = errors.BestNaive;
        double own = errors.Model;
        if (!(error < own)) return null;
        double share = Math.Sqrt(error / own);
        string found = share < 0.995 ? Invariant($"Repeating {name} has {100 * share:F0}% of the model's error (RMSE)") : $"Repeating {name} has as small an error (RMSE) as the model";
        return $"{found} on the validation rows: this model is not worth its training on these data.{Environment.NewLine}"
            + "Hint: use the naive forecast, a longer window, more rows, or past or future covariates.";
    }
}
