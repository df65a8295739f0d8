using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What clipping saw and did in one step: of the whole chain, or of one rule in it.</summary>
/// <remarks>Nothing here is recomputed: norms are by-products of clipping, so reading the report costs no pass.</remarks>
public readonly record struct ClipReport
{
    /// <summary>A report of a gradient that was left as it was.</summary>
    public ClipReport()
    {
    }

    /// <summary>The step, as in <see cref="ClippingStep.Step"/>.</summary>
    public long Step { get; init; }

    /// <summary>2-norm of the gradient before; NaN or infinite when an element was.</summary>
    public double NormBefore { get; init; }

    /// <summary>2-norm after, with <see cref="PendingScale"/> taken into account.</summary>
    public double NormAfter { get; init; }

    /// <summary>The factor of a rule on the whole gradient; of a rule on parts the smallest; the product over a chain. 1 when nothing was scaled.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What the optimizer still has to multiply the gradient by; 1 when it holds its final values.</summary>
    public float PendingScale { get; init; } = 1;

    /// <summary>Elements that a clamp changed.</summary>
    public long ElementsClamped { get; init; }

    /// <summary>Share of <see cref="Elements"/> that a clamp changed; 0 for an empty group.</summary>
    public double ShareClamped => Elements == 0 ? 0 : (double)ElementsClamped / Elements;

    /// <summary>
    /// Share of the gradients propagated between time steps, one for each sequence, step and layer, that
    /// <see cref="GradientClipping.InsideBackpropagation"/> limited; 0 without it.
    /// </summary>
    public double ShareLimitedInside { get; init; }

    /// <summary>Elements the rule or chain acted upon.</summary>
    public long Elements { get; init; }

    /// <summary>True when the gradient differs from what the backward pass left.</summary>
    public bool Changed { get; init; }

    /// <summary>Position in <see cref="GradientClipping.Rules"/> of the last rule that changed the gradient; -1 when none did.</summary>
    public int Rule { get; init; } = -1;

    /// <summary>The threshold in force: of the rule that acted, else of the first that has one; NaN when there is none.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>What the step does with the gradient.</summary>
    public StepOutcome Outcome { get; init; }

    /// <summary>Index in the parameter set of the first parameter with a NaN or infinite element; -1 when all were finite.</summary>
    public int FirstBadParameter { get; init; } = -1;

    /// <summary>Index in <see cref="Parameters.Parameter.Gates"/> of the first gate with such an element; -1 when finite or without gates.</summary>
    public int FirstBadGate { get; init; } = -1;

    /// <summary>True when every element of the gradient was finite as the backward pass left it.</summary>
    public bool IsFinite => FirstBadParameter < 0;

    /// <summary>True when the optimizer takes the step.</summary>
    public bool TakesStep => Outcome is StepOutcome.Applied or StepOutcome.ZeroedTensor;
}
