using System.Runtime.InteropServices;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.Inference;
using MlnetClip.Models;
using MlnetClip.Scoring;

namespace MlnetClip;

/// <summary>
/// The trained network of a forecaster with its scaling, from which forecasts are computed and a warm start continues.
/// Immutable.
/// </summary>
public sealed class LstmForecastingModelParameters
{
    private readonly TrainedNetwork _network;

    /// <param name="encoder">The window and the scaling.</param>
    /// <param name="spec">The model.</param>
    /// <param name="weights">All weights in the order of <see cref="ModelLayout.Create"/>; kept, not copied.</param>
    /// <param name="head">How outputs become forecasts.</param>
    /// <param name="maximumGap">The largest age of the last observation; null for less than a window.</param>
    internal LstmForecastingModelParameters(WindowEncoder encoder, ModelSpec spec, float[] weights, ForecastHead head, int? maximumGap = null)
    {
        (Encoder, _network, Head) = (encoder, new TrainedNetwork(spec, weights), head);
        MaximumGap = maximumGap ?? WindowSize - 1;
        Predictors = new Pool<WindowPredictor>(() => new WindowPredictor(this));
    }

    /// <summary>The number of rows that the network reads for one forecast.</summary>
    public int WindowSize => Layout.WindowSize;

    /// <summary>The number of rows that are forecast.</summary>
    public int Horizon => Layout.Horizon;

    /// <summary>The number of targets.</summary>
    public int NumberOfTargets => Layout.Targets;

    /// <summary>The names of the series that the model was trained on, from the group column; a single empty name without one.</summary>
    public IReadOnlyList<string> SeriesNames => Encoder.Groups;

    /// <summary>The quantile levels that are forecast, in ascending order; empty for a point forecast.</summary>
    public IReadOnlyList<float> Quantiles => Head.Quantiles;

    /// <summary>How later rows of the horizon are reached.</summary>
    public ForecastStrategy Strategy => Head.Strategy;

    /// <summary>
    /// The largest age of the last observation, in rows, at which there is a forecast: 0 at a row that has a value itself. With the
    /// default, <c>WindowSize - 1</c>, a window holds at least one observation.
    /// </summary>
    public int MaximumGap { get; }

    /// <summary>Units of each LSTM layer.</summary>
    public int HiddenSize => _network.Recurrent.First().HiddenSize;

    /// <summary>Number of stacked LSTM layers.</summary>
    public int NumberOfLayers => _network.Recurrent.Count();

    /// <summary>How windows are scaled.</summary>
    public SeriesScaling Scaling => Encoder.Pooled[0].Scaling;

    /// <summary>The divisor of windows, in the data's unit: of the first target, and with several series that of a series that was not seen in training.</summary>
    public double Scale => Layout.Grouped ? Encoder.Pooled[0].Scale : Encoder.Scalers[0][0].Scale;

    /// <summary>The total number of weights.</summary>
    public int WeightCount => _network.Weights.Length;

    /// <summary>PyTorch's names of the parameters, for example <c>lstm.weight_ih_l0</c> and <c>head.bias</c>.</summary>
    public IReadOnlyList<string> ParameterNames => _network.ParameterNames;

    internal WindowLayout Layout => Encoder.Layout;

    internal WindowEncoder Encoder { get; }

    internal ForecastHead Head { get; }

    internal TrainedNetwork Network => _network;

    internal ModelSpec Spec => _network.Spec;

    /// <summary>The weights packed for prediction, created when they are first needed and shared afterwards.</summary>
    internal PackedModel Packed => _network.Packed;

    /// <summary>All weights, in the order of the parameters.</summary>
    internal ReadOnlyMemory<float> Weights => _network.Weights;

    /// <summary>Prepared predictors that are free.</summary>
    internal Pool<WindowPredictor> Predictors { get; }

    /// <summary>SHA-256 of the weights and the scaling, in hexadecimal: equal for equal models.</summary>
    internal string Hash()
    {
        var numbers = new List<double>();
        foreach (SeriesScaler scaler in Encoder.Scalers.SelectMany(scalers => scalers).Concat(Encoder.Pooled)) numbers.AddRange([(double)scaler.Scaling, scaler.Mean, scaler.Scale]);
        foreach (ChannelScale covariate in Encoder.Covariates) numbers.AddRange([covariate.Mean, covariate.Deviation]);
        if (Encoder.Linear is { } linear)
        {
            numbers.AddRange([linear.Scale, linear.NetworkShare]);
            for (int k = 0; k < linear.Part.Outputs; k++) numbers.AddRange([.. linear.Part.Weights(k), linear.Part.Intercept(k)]);
        }

        return _network.Hash(CollectionsMarshal.AsSpan(numbers));
    }

    /// <summary>The weights of one parameter, row-major; gates in the order i, f, g, o.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name; the message lists the names.</exception>
    public ReadOnlySpan<float> GetWeights(string parameterName) => _network.GetWeights(parameterName);

    /// <summary>
    /// The weights, to begin the training of another forecaster with (<see cref="LstmTrainerOptions.InitialWeights"/>): of another horizon, other targets or quantiles after
    /// <see cref="InitialWeights.WithoutHead"/>. Windows are scaled anew; a fit that starts from this model itself keeps its scale.
    /// </summary>
    public InitialWeights ToInitialWeights() => new(FormattableString.Invariant($"a forecaster of {Horizon} rows from {WindowSize}"), _network.ToTensors());

    /// <summary>The sizes and the scaling, in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"forecasts {Horizon} rows{(NumberOfTargets == 1 ? "" : $" of {NumberOfTargets} targets")} from {WindowSize}: {NumberOfLayers} LSTM {(NumberOfLayers == 1 ? "layer" : "layers")} of {HiddenSize} units, {WeightCount} weights, scaling {Scaling} ({Scale:G4})");
}
