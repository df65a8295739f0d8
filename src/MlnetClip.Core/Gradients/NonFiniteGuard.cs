using MlnetClip.Clipping;
using MlnetClip.Parameters;

namespace MlnetClip.Gradients;

/// <summary>
/// The stage before clipping: looks for NaN and infinity in the gradient and does what the <see cref="NonFinitePolicy"/> says.
/// Its memory is a <see cref="NonFiniteGuardState"/>.
/// </summary>
internal sealed class NonFiniteGuard
{
    private readonly NonFinitePolicy _policy;
    private readonly GradientStore _gradient;
    private readonly NonFiniteGuardState _state;
    private readonly IRollBackTarget? _target;

    /// <summary>Prepares the stage for one fit.</summary>
    /// <exception cref="ArgumentException">The policy rolls back and there is no target.</exception>
    public NonFiniteGuard(NonFinitePolicy policy, GradientStore gradient, NonFiniteGuardState state, IRollBackTarget? target)
    {
        if (policy.Action == NonFiniteAction.RollBack && target is null)
            throw new ArgumentException("A policy that rolls back needs a target that keeps the snapshots.", nameof(target));
        (_policy, _gradient, _state, _target) = (policy, gradient, state, target);
    }

    /// <summary>Checks the gradient that was just measured.</summary>
    /// <returns>The beginning of the step's report; clipping goes on from it.</returns>
    /// <exception cref="NonFiniteGradientException">The gradient is not finite and the policy, or its budget, ends the fit.</exception>
    public ClipReport Check(in ClippingStep step)
    {
        double norm = GradientStore.Norm(_gradient.Squares, _gradient.All);
        var report = new ClipReport { Step = step.Step, NormBefore = norm, NormAfter = norm, Elements = _gradient.Parameters.Length };
        if (!double.IsFinite(norm)) return HandleNonFinite(report, step);
        AcceptFinite(step);
        return report;
    }

    private void AcceptFinite(in ClippingStep step)
    {
        _state.Consecutive = 0;
        if (_target is null || _policy.Action != NonFiniteAction.RollBack) return;
        if (!_target.HasSnapshot || step.Step % _policy.SnapshotEvery == 0) _target.TakeSnapshot();
    }

    private ClipReport HandleNonFinite(ClipReport report, in ClippingStep step)
    {
        int first = Array.FindIndex(_gradient.Squares, s => !double.IsFinite(s));
        GradientBlock block = _gradient.Blocks[first];
        Parameter parameter = _gradient.Parameters.Items[block.Parameter];
        _state.Consecutive++;
        StepOutcome? outcome = _policy.Action switch
        {
            NonFiniteAction.SkipStep when _state.Consecutive <= _policy.MaxConsecutive => StepOutcome.Skipped,
            NonFiniteAction.ZeroTensor when _state.Consecutive <= _policy.MaxConsecutive => StepOutcome.ZeroedTensor,
            NonFiniteAction.RollBack when _target!.HasSnapshot && _state.RollBacks < _policy.MaxRollBacks => StepOutcome.RolledBack,
            _ => null,
        };
        var occurrence = new NonFiniteEvent(
            step.Step, step.Epoch + 1, parameter.Name, parameter.Layer, block.Gate < 0 ? null : parameter.Gates[block.Gate], outcome);
        _state.Add(occurrence);
        if (outcome is null) throw new NonFiniteGradientException(Explain(occurrence), occurrence);
        if (outcome == StepOutcome.ZeroedTensor) _gradient.ZeroBadTensors();
        if (outcome == StepOutcome.RolledBack)
        {
            _state.RollBacks++;
            _target!.RollBack(_policy.LearningRateFactor);
        }

        return report with
        {
            Outcome = outcome.Value,
            FirstBadParameter = block.Parameter,
            FirstBadGate = block.Gate,
            Changed = outcome == StepOutcome.ZeroedTensor,
        };
    }

    private string Explain(NonFiniteEvent occurrence)
    {
        string after = _policy.Action switch
        {
            NonFiniteAction.RollBack when !_target!.HasSnapshot => ", before any finite gradient was seen to roll back to",
            NonFiniteAction.RollBack => $", after {_state.RollBacks} roll-backs",
            NonFiniteAction.Throw => "",
            _ => $", step number {_state.Consecutive} in a row",
        };
        string hint = occurrence.Step == 0
            ? "at the first step this comes from the data: look for infinite or very large features or labels, and scale them."
            : "clip (norm:1), lower the learning rate, or look for extreme values in the data; where only single batches are bad, "
                + "the policy skip:10 leaves them out.";
        return $"The gradient is not finite at {occurrence}{after}. The non-finite policy is '{_policy}'.\nHint: {hint}";
    }
}
