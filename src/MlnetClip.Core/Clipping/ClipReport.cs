using System.Globalization;
using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What the clipping chain, or one rule in it, did in one step.</summary>
/// <remarks>Nothing here is recomputed: norms are by-products of clipping, so reading the report costs no pass.</remarks>
public readonly record struct ClipReport
{
    /// <summary>A report of a gradient that was not changed.</summary>
    public ClipReport()
    {
    }

    /// <summary>The step, as in <see cref="ClippingStep.Step"/>.</summary>
    public long Step { get; init; }

    /// <summary>2-norm of the gradient before clipping; NaN or infinite when an element is.</summary>
    public double NormBefore { get; init; }

    /// <summary>2-norm after clipping, <see cref="PendingScale"/> included.</summary>
    public double NormAfter { get; init; }

    /// <summary>The factor that the gradient was multiplied by: for a rule over parts the smallest factor, for a chain the product. 1 when nothing was scaled.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The factor that the optimizer still has to multiply the gradient by; 1 when the gradient holds its final values.</summary>
    public float PendingScale { get; init; } = 1;

    /// <summary>Elements that a clamp changed, at most <see cref="Elements"/>. Where several rules clamp the same gate or tensor, those of the rule
    /// that clamped most of it count.</summary>
    public long ElementsClamped { get; init; }

    /// <summary>Share of <see cref="Elements"/> that a clamp changed; 0 for an empty group.</summary>
    public double ShareClamped => Elements == 0 ? 0 : (double)ElementsClamped / Elements;

    /// <summary>
    /// Share of the gradients propagated between time steps, one for each sequence, step and layer, that
    /// <see cref="GradientClipping.InsideBackpropagation"/> limited; 0 without it.
    /// </summary>
    public double ShareLimitedInside { get; init; }

    /// <summary>The number of elements that the rule or chain applied to.</summary>
    public long Elements { get; init; }

    /// <summary>True when the gradient differs from the one that the backward pass computed.</summary>
    public bool Changed { get; init; }

    /// <summary>Position in <see cref="GradientClipping.Rules"/> of the last rule that changed the gradient; -1 when none did.</summary>
    public int Rule { get; init; } = -1;

    /// <summary>The threshold in force: that of the rule that changed the gradient, otherwise of the first rule that has one; NaN when there is none.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>What the step does with the gradient.</summary>
    public StepOutcome Outcome { get; init; }

    /// <summary>Index in the parameter set of the first parameter with a NaN or infinite element; -1 when all were finite.</summary>
    public int FirstBadParameter { get; init; } = -1;

    /// <summary>Index in <see cref="Parameters.Parameter.Gates"/> of the first gate with such an element; -1 when finite or without gates.</summary>
    public int FirstBadGate { get; init; } = -1;

    /// <summary>True when every element of the gradient was finite after the backward pass.</summary>
    public bool IsFinite => FirstBadParameter < 0;

    /// <summary>True when the optimizer takes the step.</summary>
    public bool TakesStep => Outcome is StepOutcome.Applied or StepOutcome.ZeroedTensor;

    /// <summary>What happened to the gradient, in words: <c>gradient norm 3.2 clipped to 1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"gradient norm {NormBefore:G4}")
        + Outcome switch
        {
            StepOutcome.Skipped => IsFinite ? ", step skipped as a spike" : ", step skipped",
            StepOutcome.RolledBack => ", rolled back",
            StepOutcome.ZeroedTensor => string.Create(CultureInfo.InvariantCulture, $", tensors that were not finite set to zero, norm {NormAfter:G4} after"),
            _ => Changed ? string.Create(CultureInfo.InvariantCulture, $" clipped to {NormAfter:G4}") : "",
        };
}
