using MlnetClip.Data;
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

    /// <param name="windowSize">Rows of a window.</param>
    /// <param name="spec">The model.</param>
    /// <param name="weights">All weights in the order of <see cref="ModelLayout.Create"/>; kept, not copied.</param>
    /// <param name="scaler">The scaling.</param>
    /// <param name="maximumGap">The largest age of the last observation; null for less than a window.</param>
    internal LstmForecastingModelParameters(int windowSize, ModelSpec spec, float[] weights, SeriesScaler scaler, int? maximumGap = null)
    {
        (WindowSize, _network, Scaler) = (windowSize, new TrainedNetwork(spec, weights), scaler);
        MaximumGap = maximumGap ?? windowSize - 1;
        Predictors = new Pool<WindowPredictor>(() => new WindowPredictor(this));
    }

    /// <summary>The number of rows that the network reads for one forecast.</summary>
    public int WindowSize { get; }

    /// <summary>The number of values in one forecast.</summary>
    public int Horizon => Spec.Head.Outputs;

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
    public SeriesScaling Scaling => Scaler.Scaling;

    /// <summary>The divisor of windows, in the data's unit.</summary>
    public double Scale => Scaler.Scale;

    /// <summary>The total number of weights.</summary>
    public int WeightCount => _network.Weights.Length;

    /// <summary>PyTorch's names of the parameters, for example <c>lstm.weight_ih_l0</c> and <c>head.bias</c>.</summary>
    public IReadOnlyList<string> ParameterNames => _network.ParameterNames;

    internal ModelSpec Spec => _network.Spec;

    /// <summary>The weights packed for prediction, created when they are first needed and shared afterwards.</summary>
    internal PackedModel Packed => _network.Packed;

    /// <summary>All weights, in the order of the parameters.</summary>
    internal ReadOnlyMemory<float> Weights => _network.Weights;

    internal SeriesScaler Scaler { get; }

    /// <summary>Prepared predictors that are free.</summary>
    internal Pool<WindowPredictor> Predictors { get; }

    /// <summary>SHA-256 of the weights and the scaling, in hexadecimal: equal for equal models.</summary>
    internal string Hash() => _network.Hash([(double)Scaler.Scaling, Scaler.Mean, Scaler.Scale]);

    /// <summary>The weights of one parameter, row-major; gates in the order i, f, g, o.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name; the message lists the names.</exception>
    public ReadOnlySpan<float> GetWeights(string parameterName) => _network.GetWeights(parameterName);

    /// <summary>The sizes and the scaling, in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"forecasts {Horizon} rows from {WindowSize}: {NumberOfLayers} LSTM {(NumberOfLayers == 1 ? "layer" : "layers")} of {HiddenSize} units, {WeightCount} weights, scaling {Scaling} ({Scale:G4})");
}
