using MlnetClip.Clipping;
using MlnetClip.Parameters;

namespace MlnetClip.Gradients;

/// <summary>
/// The stage before clipping: checks the gradient for NaN and infinity and applies the <see cref="NonFinitePolicy"/>.
/// Its state is a <see cref="NonFiniteGuardState"/>.
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
            throw new ArgumentException("A policy that rolls back needs a target that stores snapshots.", nameof(target));
        (_policy, _gradient, _state, _target) = (policy, gradient, state, target);
    }

    /// <summary>Checks the current gradient.</summary>
    /// <returns>The first part of the step's report, which clipping completes.</returns>
    /// <exception cref="NonFiniteGradientException">The gradient is not finite, and the policy or its limit ends the fit.</exception>
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
            NonFiniteAction.RollBack when !_target!.HasSnapshot => ", before any finite gradient that a roll-back could return to",
            NonFiniteAction.RollBack => $", after {_state.RollBacks} roll-backs",
            NonFiniteAction.Throw => "",
            _ => $", the last of {_state.Consecutive} such steps in a row",
        };
        string hint = occurrence.Step == 0
            ? "at the first step the cause is usually the data: look for infinite or very large features or labels, and scale them."
            : "clip (norm:1), lower the learning rate, or look for extreme values in the data; where only some batches are bad, "
                + "the policy skip:10 skips them.";
        return $"The gradient is not finite at {occurrence}{after}. The non-finite policy is '{_policy}'.\nHint: {hint}";
    }
}
