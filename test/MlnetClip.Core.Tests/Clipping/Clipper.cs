using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>The stages between backward pass and optimizer, in the order of <see cref="TrainingLoop"/>, without a loop around them.</summary>
internal sealed class Clipper
{
    private readonly TrainingOptions _options;
    private readonly GradientStore _gradient;
    private readonly GradientGroup _whole;
    private readonly FitState _state;
    private readonly NonFiniteGuard _guard;
    private readonly ClippingChain _chain;
    private ClippingStep _lastStep = new(0);

    public Clipper(
        GradientClipping clipping, NonFinitePolicy policy, ParameterSet parameters,
        IRollBackTarget? rollBackTarget = null, bool deferScale = false, IWorkers? workers = null)
    {
        _options = new TrainingOptions { Clipping = clipping, NonFinite = policy };
        _gradient = new GradientStore(parameters, workers);
        _whole = new GradientGroup(_gradient, _gradient.All);
        _state = new FitState(_options, _whole);
        _guard = new NonFiniteGuard(policy, _gradient, _state.Guard, rollBackTarget);
        _chain = new ClippingChain(_state.Clipping, _whole, deferScale);
    }

    public ClippingStatistics Statistics => _state.Statistics;

    public ClippingStates States => _state.Clipping;

    public IReadOnlyList<NonFiniteEvent> FirstEvents => _state.Guard.FirstEvents;

    /// <summary>Guards and clips the gradient in the parameter set.</summary>
    /// <param name="step">The step.</param>
    /// <param name="weight">The weight that the gradient of the sum is divided by.</param>
    public ClipReport Apply(in ClippingStep step, double weight = 1)
    {
        _lastStep = step;
        _gradient.Measure(1 / weight);
        ClipReport report = _chain.Apply(step, _guard.Check(step));
        _state.Statistics.Add(report);
        _state.AddStep(new StepReport(step.Step, step.Epoch + 1, 0, 0, 0, report), new BatchSums(1, 1), step.BatchSize);
        return report;
    }

    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => _whole.Norms(scope);

    public ClippingSummary Summarize() => FitSummary.Of(_options, _whole.Parameters, _state, _lastStep.TimeSteps, _lastStep.LossTerms);

    public void Save(BinaryWriter writer) => _state.Write(writer);

    public void Load(BinaryReader reader) => _state.Read(reader);
}
