using System.Globalization;
using System.Text.Json.Serialization;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Tasks;
using MlnetClip.Clipping;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>inspect</c> shows of a model; docs/cli.md describes each name.</summary>
internal sealed record InspectionReport
{
    public required string Task { get; init; }

    public required string Model { get; init; }

    public required ColumnNames Columns { get; init; }

    /// <summary>The quantile levels that are forecast; empty for a point forecast and other tasks.</summary>
    public required IReadOnlyList<float> Quantiles { get; init; }

    /// <summary>The series that a forecaster of several was trained on; else empty.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    /// <summary>Rows of a window; null for a model over sequences.</summary>
    public required int? Window { get; init; }

    /// <summary>Rows ahead; null for a model over sequences.</summary>
    public required int? Horizon { get; init; }

    public required NetworkFigures Network { get; init; }

    /// <summary>How the series is scaled; null for a model over sequences.</summary>
    public required ScalingFigures? Scaling { get; init; }

    /// <summary>The linear part of a forecaster; null for none.</summary>
    public required LinearPartFigures? LinearPart { get; init; }

    /// <summary>The names of the classes; empty for other tasks and for classes without names.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    public required string Clipping { get; init; }

    public required string ClippingInWords { get; init; }

    public required string Nonfinite { get; init; }

    public required string NonfiniteInWords { get; init; }

    public required ForecastingReport.GradientFigures Gradients { get; init; }

    /// <summary>Quantiles of the norm before clipping, by the share of steps below.</summary>
    public required IReadOnlyDictionary<string, double> NormQuantiles { get; init; }

    /// <summary>Share of the gradients propagated between time steps that were limited.</summary>
    public required double ShareLimitedInside { get; init; }

    /// <summary>The final states of adaptive rules in words.</summary>
    public required IReadOnlyList<string> ClippingStates { get; init; }

    /// <summary>What each row of the window contributed to the gradient; empty where it was not measured.</summary>
    public required IReadOnlyList<double> TimeStepNorms { get; init; }

    public required IReadOnlyList<string> NonfiniteEvents { get; init; }

    public required string Verdict { get; init; }

    public required int Epochs { get; init; }

    public required TrainingFigures Training { get; init; }

    /// <summary>The assemblies that Microsoft.ML loads with the model, in the order of the file.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary>What the tool stored with the model; null if the model was saved without the tool.</summary>
    [JsonPropertyName("remembered")] // as in version 0.1
    public required ModelMetadata? Metadata { get; init; }

    public static InspectionReport Of(InspectedModel model)
    {
        LstmForecastingModelParameters? forecaster = model.Forecaster?.Model;
        LstmTrainingReport training = model.Training;
        return new InspectionReport
        {
            Task = model.Sequences is { } sequences ? SequenceTask.All.Single(task => task.Kind == sequences.Task).Name : "forecasting",
            Model = model.Path,
            Columns = ColumnNames.Of(model),
            Quantiles = forecaster?.Quantiles ?? [],
            Series = model.Forecaster?.GroupColumnName is null ? [] : forecaster!.SeriesNames,
            Window = forecaster?.WindowSize,
            Horizon = forecaster?.Horizon,
            Network = model.Sequences?.Model is { } network ? NetworkFigures.Of(network) : NetworkFigures.Of(forecaster!),
            Scaling = forecaster is null ? null : new ScalingFigures(forecaster.Scaling.ToString(), forecaster.Scale),
            LinearPart = training.LinearPart is { } linear
                ? new LinearPartFigures(linear.NetworkShare, linear.ToString(), linear.Forecasts.ToDictionary(forecast => forecast.Name, forecast => forecast.Share))
                : null,
            Classes = model.Sequences?.Classes ?? [],
            Clipping = training.Clipping,
            ClippingInWords = ClippingWords.InWords(training.ClippingSummary),
            Nonfinite = training.ClippingSummary.Policy,
            NonfiniteInWords = NonFinitePolicy.Parse(training.ClippingSummary.Policy).Describe(),
            Gradients = ForecastingReport.GradientFigures.Of(training.ClippingSummary),
            NormQuantiles = ClippingSummary.QuantileShares.Zip(training.ClippingSummary.NormQuantiles)
                .ToDictionary(q => q.First.ToString("0%", CultureInfo.InvariantCulture), q => q.Second),
            ShareLimitedInside = training.ClippingSummary.ShareLimitedInside,
            ClippingStates = training.ClippingSummary.States,
            TimeStepNorms = training.ClippingSummary.TimeStepNorms,
            NonfiniteEvents = [.. training.ClippingSummary.FirstEvents.Select(e => e.ToString())],
            Verdict = ClippingWords.Verdict(training.ClippingSummary),
            Epochs = training.Epochs,
            Training = new TrainingFigures(
                training.Rows, training.ValidationRows, training.MissingRows, training.TrainingSequences, training.ValidationSequences, training.Seed,
                training.StartedFrom, training.BestEpoch, training.Steps, $"{training.StopReason}", training.TrainingLoss, training.ValidationLoss,
                training.LibraryVersion, training.MicrosoftMLVersion, training.Options),
            Assemblies = [.. model.Contents.Components.Select(component => component.LoaderAssembly.Split(',')[0]).Distinct()],
            Metadata = model.Metadata,
        };
    }

    /// <summary>The columns: of a forecaster the series and its forecast, of a model over sequences the sequence and what is appended.</summary>
    internal sealed record ColumnNames(string? Value, string? Forecast, string? Features, IReadOnlyList<string> Outputs)
    {
        public required IReadOnlyList<string> Targets { get; init; }

        public required IReadOnlyList<string> Past { get; init; }

        public required IReadOnlyList<string> Future { get; init; }

        public required IReadOnlyList<string> Static { get; init; }

        public required string? Time { get; init; }

        public required string? Group { get; init; }

        public static ColumnNames Of(InspectedModel model)
        {
            SavedForecaster? forecaster = model.Forecaster;
            return new(forecaster?.InputColumnName, forecaster?.OutputColumnName, model.Sequences?.FeatureColumnName, forecaster?.OutputColumnNames ?? model.Sequences?.OutputColumnNames ?? [])
            {
                Targets = forecaster?.TargetColumnNames ?? [],
                Past = forecaster?.PastCovariateColumnNames ?? [],
                Future = forecaster?.FutureCovariateColumnNames ?? [],
                Static = forecaster?.StaticCovariateColumnNames ?? [],
                Time = forecaster?.TimeColumnName,
                Group = forecaster?.GroupColumnName,
            };
        }
    }

    internal sealed record NetworkFigures(string Cell, int HiddenSize, int Layers, bool Bidirectional, int? FeaturesPerStep, string? Pooling, int Weights)
    {
        public static NetworkFigures Of(LstmForecastingModelParameters model) => new("LSTM", model.HiddenSize, model.NumberOfLayers, false, null, null, model.WeightCount);

        public static NetworkFigures Of(LstmModelParameters model) => new(
            NameOf(model.Cell), model.HiddenSize, model.NumberOfLayers, model.Bidirectional, model.FeaturesPerStep, JsonText.Name(model.Pooling), model.WeightCount);

        private static string NameOf(RecurrentCell cell) => cell switch
        {
            RecurrentCell.Lstm => "LSTM",
            RecurrentCell.Gru => "GRU",
            _ => "RNN",
        };
    }

    /// <param name="NetworkShare">What the network's output is multiplied by.</param>
    /// <param name="InWords">The same in words.</param>
    /// <param name="Forecasts">The linear forecasts that it is the mean of, and their shares.</param>
    internal sealed record LinearPartFigures(double NetworkShare, string InWords, IReadOnlyDictionary<string, double> Forecasts);

    internal sealed record ScalingFigures(string Kind, double Scale);

    internal sealed record TrainingFigures(
        int Rows, int ValidationRows, int MissingRows, int Windows, int ValidationWindows, int Seed,
        string? StartedFrom, int BestEpoch, long Steps, string StopReason, double Loss, double? ValidationLoss,
        string LibraryVersion, string MicrosoftMlVersion, IReadOnlyDictionary<string, string> Options);
}
