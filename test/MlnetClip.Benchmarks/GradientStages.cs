using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>The stages between backward pass and optimizer as a fit runs them, by themselves so that they can be timed.</summary>
internal sealed class GradientStages
{
    private readonly TrainingOptions _options;
    private readonly ParameterSet _parameters;
    private readonly GradientStore _gradient;
    private readonly GradientGroup _whole;
    private readonly FitState _state;
    private readonly NonFiniteGuard _guard;
    private readonly ClippingChain _clipping;

    public GradientStages(GradientClipping clipping, ParameterSet parameters, IWorkers workers)
    {
        TrainingOptions options = _options = new TrainingOptions { Clipping = clipping };
        _parameters = parameters;
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
        ClipReport report = Clip(step, weightSum);
        _state.Statistics.Add(report);
        return report;
    }

    /// <summary>The same without adding to the statistics.</summary>
    public ClipReport Clip(in ClippingStep step, double weightSum)
    {
        _gradient.Measure(1 / weightSum);
        return _clipping.Apply(step, _guard.Check(step));
    }

    /// <summary>The report of the last step, as observers get it.</summary>
    public StepReport Report(long step, BatchSums sums, in ClipReport clip) => new(step, 1, 0, sums.Mean, 1e-3f, clip) { Gradient = _whole };

    /// <summary>What a fit records of a step.</summary>
    public void Record(in StepReport report, BatchSums sums, int batchSize)
    {
        _state.Statistics.Add(report.Clip);
        _state.AddStep(report, sums, batchSize);
    }

    /// <summary>The record of the steps so far.</summary>
    public ClippingSummary Summary(int timeSteps) => FitSummary.Of(_options, _parameters, _state, timeSteps, lossTerms: 1);

    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => _whole.Norms(scope);
}
