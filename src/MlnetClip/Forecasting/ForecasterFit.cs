using Microsoft.ML.Runtime;
using MlnetClip.Trainers;

namespace MlnetClip.Forecasting;

/// <summary>One training of a forecaster's network, with or without a linear part.</summary>
/// <param name="Model">The model of the best epoch, without an interval.</param>
/// <param name="Request">What was trained.</param>
/// <param name="Outcome">How training went.</param>
/// <param name="Linear">The linear part; null for none.</param>
/// <param name="Report">What is said of the linear part; null without one.</param>
internal sealed record ForecasterFit(LstmForecastingModelParameters Model, FitRequest Request, FitOutcome Outcome, LinearTraining? Linear, LinearPartReport? Report)
{
    private const double LeastGain = 0.01; // of the loss, as for the network's share: less is noise of the choice itself

    /// <summary>Trains.</summary>
    /// <param name="host">The trainer's host.</param>
    /// <param name="options">The options, with the scope's overrides.</param>
    /// <param name="scope">The scope that the fit runs in; null for none.</param>
    /// <param name="seed">The seed of the fit.</param>
    /// <param name="data">The windows, which are made relative to the linear part.</param>
    /// <param name="start">A model to start from; null for random weights.</param>
    public static ForecasterFit Run(
        IHost host, LstmForecastingTrainer.Options options, FitScope? scope, FitSeed seed, ForecastTrainingData data, LstmForecastingModelParameters? start)
    {
        var linear = LinearTraining.Fit(options, data, start);
        FitRequest request = data.Request(options, start);
        FitOutcome outcome = TrainerFit.Run(host, options.ForWindows(data.Training.Count), scope, seed, request);
        linear?.ChooseShare(request.Model, outcome.Weights);
        var head = new ForecastHead(options.Strategy, options.Quantiles, options.NonNegative);
        var model = new LstmForecastingModelParameters(data.Encoder.With(linear?.Forecast), request.Model, outcome.Weights, head, options.LargestGap);
        return new(model, request, outcome, linear, linear?.Report);
    }

    /// <summary>Trains with a linear part and without one, and returns what has the smaller loss on the validation rows.</summary>
    public static ForecasterFit Better(IHost host, LstmForecastingTrainer.Options options, FitScope? scope, FitSeed seed, ForecastTrainingData data)
    {
        ForecasterFit with = Run(host, options, scope, seed, data, null);
        LstmForecastingTrainer.Options alone = options.Copy();
        alone.LinearPart = LinearPartUse.None;
        if (options.CheckpointPath is { } checkpoint) alone.CheckpointPath = checkpoint + ".alone";
        data.UseNoLinear();
        ForecasterFit without = Run(host, alone, scope, seed, data, null);
        double loss = ValidationErrors.Of(with.Model, data, options).LossOf(with.Model), other = ValidationErrors.Of(without.Model, data, options).LossOf(without.Model);
        double ratio = options.Quantiles.Length > 0 ? other / loss : Math.Sqrt(other / loss);
        return other < (1 - LeastGain) * loss
            ? without with { Report = new LinearPartReport { Forecasts = [], NetworkShare = 1, IsNetworkAlone = true, NetworkAloneRatio = ratio } }
            : with with { Report = with.Report! with { NetworkAloneRatio = double.IsFinite(ratio) ? ratio : null } };
    }
}
