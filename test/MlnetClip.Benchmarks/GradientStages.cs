using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>The stages between backward pass and optimizer as a fit runs them, by themselves so that they can be timed.</summary>
internal sealed class GradientStages
{
    private readonly GradientStore _gradient;
    private readonly GradientGroup _whole;
    private readonly FitState _state;
    private readonly NonFiniteGuard _guard;
    private readonly ClippingChain _clipping;

    public GradientStages(GradientClipping clipping, ParameterSet parameters, IWorkers workers)
    {
        var options = new TrainingOptions { Clipping = clipping };
        _gradient = new GradientStore(parameters, workers);
        _whole = new GradientGroup(_gradient, _gradient.All);
        _state = new FitState(options, _whole);
        _guard = new NonFiniteGuard(options.NonFinite, _gradient, _state.Guard, _state.Snapshot);
        _clipping = new ClippingChain(_state.Clipping, _whole, deferScale: true);
    }

    /// <summary>Measures and clips the gradient of the mean.</summary>
    /// <param name="step">The step.</param>
    /// <param name="weightSum">What the backend's gradient of the sum is divided by.</param>
    public ClipReport Apply(in ClippingStep step, double weightSum)
    {
        _gradient.Measure(1 / weightSum);
        ClipReport report = _clipping.Apply(step, _guard.Check(step));
        _state.Statistics.Add(report);
        return report;
    }

    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => _whole.Norms(scope);
}
