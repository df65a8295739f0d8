using MlnetClip.Models;
using MlnetClip.Scoring;
using MlnetClip.Sequences;
using MlnetClip.Weights;

namespace MlnetClip;

/// <summary>
/// The trained network of a trainer over sequences with its scaling, from which scores are computed and a
/// warm start continues. Immutable.
/// </summary>
public sealed class LstmModelParameters
{
    /// <param name="network">The network.</param>
    /// <param name="scaler">How features are scaled for it.</param>
    /// <param name="task">What its outputs mean.</param>
    internal LstmModelParameters(TrainedNetwork network, FeatureScaler scaler, SequenceTask task)
    {
        (Network, Scaler, Task, Input) = (network, scaler, task, SequenceInput.Of(network.Spec));
        Networks = new Pool<SequenceNetwork>(() => new SequenceNetwork(this));
    }

    /// <summary>The number of values, or keys, of a time step.</summary>
    public int FeaturesPerStep => Input.PerStep;

    /// <summary>The cell of the recurrent layers.</summary>
    public RecurrentCell Cell => Network.Recurrent.First().Cell;

    /// <summary>Units of each recurrent layer, in each direction.</summary>
    public int HiddenSize => Network.Recurrent.First().HiddenSize;

    /// <summary>Number of stacked recurrent layers.</summary>
    public int NumberOfLayers => Network.Recurrent.Count();

    /// <summary>Whether the layers read a sequence in both directions.</summary>
    public bool Bidirectional => Network.Recurrent.First().Bidirectional;

    /// <summary>How the head pools the time steps; EveryStep for a model that labels each of them.</summary>
    public Pooling Pooling => Network.Spec.Head.Pooling;

    /// <summary>The total number of weights.</summary>
    public int WeightCount => Network.Weights.Length;

    /// <summary>PyTorch's names of the parameters, for example <c>lstm.weight_ih_l0</c> and <c>head.bias</c>.</summary>
    public IReadOnlyList<string> ParameterNames => Network.ParameterNames;

    internal TrainedNetwork Network { get; }

    internal FeatureScaler Scaler { get; }

    internal SequenceTask Task { get; }

    internal SequenceInput Input { get; }

    /// <summary>Networks that are free to predict.</summary>
    internal Pool<SequenceNetwork> Networks { get; }

    /// <summary>The weights of one parameter, row-major; gates in PyTorch's order.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name; the message lists the names.</exception>
    public ReadOnlySpan<float> GetWeights(string parameterName) => Network.GetWeights(parameterName);

    /// <summary>
    /// The weights, to begin the training of another model with (<see cref="LstmTrainerOptions.InitialWeights"/>): of another task after <see cref="InitialWeights.WithoutHead"/>. The scaling of
    /// features is taken into account, so that the other model begins with what this one computes.
    /// </summary>
    public InitialWeights ToInitialWeights()
    {
        (double mean, double scale) = Task is RegressionTask task ? (task.Mean, task.Scale) : (0, 1);
        return new($"a trained model {this}", Network.ToTensors(), new WeightUnits([.. Scaler.Means], [.. Scaler.Scales], mean, scale));
    }

    /// <summary>The model in words, for example <c>features(8) lstm(32) head(last, 10)</c>.</summary>
    public override string ToString() => Network.Spec.ToString();

    /// <summary>Equal for equal models.</summary>
    internal string Hash() => Network.Hash([.. Scaler.Means, .. Scaler.Scales, .. Task.Numbers]);
}
