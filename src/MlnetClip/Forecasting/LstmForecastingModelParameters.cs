using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Scoring;

namespace MlnetClip;

/// <summary>
/// The trained network of a forecaster with its scaling: what a forecast is computed from, and what a warm start starts from.
/// Immutable.
/// </summary>
public sealed class LstmForecastingModelParameters
{
    private readonly float[] _weights;
    private readonly IReadOnlyList<Parameter> _layout;
    private readonly Lazy<PackedModel> _packed;

    /// <param name="windowSize">Rows of a window.</param>
    /// <param name="spec">The model.</param>
    /// <param name="weights">All weights in the order of <see cref="ModelLayout.Create"/>; kept, not copied.</param>
    /// <param name="scaler">The scaling.</param>
    /// <param name="maximumGap">The largest age of the last observation; null for less than a window.</param>
    internal LstmForecastingModelParameters(int windowSize, ModelSpec spec, float[] weights, SeriesScaler scaler, int? maximumGap = null)
    {
        (WindowSize, Spec, _weights, Scaler) = (windowSize, spec, weights, scaler);
        MaximumGap = maximumGap ?? windowSize - 1;
        _layout = ParameterSet.LayOut(ModelLayout.Create(spec));
        Predictors = new PredictorPool(this);
        _packed = new Lazy<PackedModel>(() => new PackedModel(spec, weights));
    }

    /// <summary>Rows of the series that the network reads for one forecast.</summary>
    public int WindowSize { get; }

    /// <summary>Values in one forecast.</summary>
    public int Horizon => Spec.Head.Outputs;

    /// <summary>
    /// The largest age of the last observation, in rows, at which there is a forecast: 0 at a row that has a value itself. With the
    /// default, <c>WindowSize - 1</c>, a window holds at least one observation.
    /// </summary>
    public int MaximumGap { get; }

    /// <summary>Units of each LSTM layer.</summary>
    public int HiddenSize => Recurrent.First().HiddenSize;

    /// <summary>Number of stacked LSTM layers.</summary>
    public int NumberOfLayers => Recurrent.Count();

    /// <summary>What is subtracted from a window.</summary>
    public SeriesScaling Scaling => Scaler.Scaling;

    /// <summary>What a window is divided by, in the data's unit.</summary>
    public double Scale => Scaler.Scale;

    /// <summary>Number of weights of all parameters together.</summary>
    public int WeightCount => _weights.Length;

    /// <summary>Names of the parameters in PyTorch's words, for example <c>lstm.weight_ih_l0</c> and <c>head.bias</c>.</summary>
    public IReadOnlyList<string> ParameterNames => [.. _layout.Select(parameter => parameter.Name)];

    internal ModelSpec Spec { get; }

    private IEnumerable<RecurrentSpec> Recurrent => Spec.Layers.OfType<RecurrentSpec>();

    /// <summary>The weights as prediction reads them, prepared when they are first asked for and shared from then on.</summary>
    internal PackedModel Packed => _packed.Value;

    /// <summary>All weights, in the order of the parameters.</summary>
    internal ReadOnlyMemory<float> Weights => _weights;

    internal SeriesScaler Scaler { get; }

    /// <summary>Prepared predictors that are free.</summary>
    internal PredictorPool Predictors { get; }

    /// <summary>SHA-256 of the weights and the scaling, in hexadecimal: equal for equal models.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_weights.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes<double>([(double)Scaler.Scaling, Scaler.Mean, Scaler.Scale]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The weights of one parameter, row-major; gates in the order i, f, g, o.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those there are.</exception>
    public ReadOnlySpan<float> GetWeights(string parameterName)
    {
        var parameter = _layout.FirstOrDefault(candidate => candidate.Name == parameterName)
            ?? throw new KeyNotFoundException($"There is no parameter '{parameterName}'. There are: {string.Join(", ", ParameterNames)}.");
        return _weights.AsSpan(parameter.Offset, parameter.Length);
    }
}
