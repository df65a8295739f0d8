using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Adam (Kingma and Ba 2015), with weight decay added to the gradient (<c>adam</c>) or decoupled from it
/// (<c>adamw</c>, Loshchilov and Hutter 2019); PyTorch's equations.
/// </summary>
/// <remarks>Adam divides by the size of recent gradients, so a constant scale cancels out: clipping has an effect only where it changes some steps more than others.</remarks>
public sealed class Adam : Optimizer
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(Beta1), 0, 1, MaximumLegal: false),
        new(nameof(Beta2), 0, 1, MaximumLegal: false),
        new(nameof(Epsilon), 0, MinimumLegal: false),
        new(nameof(WeightDecay), 0),
    ];

    /// <summary>Creates the settings.</summary>
    /// <param name="beta1">Decay of the mean, 0 or more and below 1; default 0.9.</param>
    /// <param name="beta2">Decay of the mean square, 0 or more and below 1; default 0.999.</param>
    /// <param name="epsilon">Added to the denominator, above 0; default 1e-8.</param>
    /// <param name="weightDecay">Weight decay, 0 or more; default 0, and 0.01 for <c>adamw</c>.</param>
    /// <param name="decoupled">Whether weight decay is applied to the weights directly instead of to the gradient.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0f, bool decoupled = false)
    {
        var errors = new OptionErrors(decoupled ? "AdamW" : "Adam");
        errors.Check(Ranges[0], beta1);
        errors.Check(Ranges[1], beta2);
        errors.Check(Ranges[2], epsilon);
        errors.Check(Ranges[3], weightDecay);
        errors.ThrowIfAny();
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
        Decoupled = decoupled;
    }

    /// <summary>Decay of the mean.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean square.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Weight decay.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether weight decay is applied to the weights directly (AdamW).</summary>
    public bool Decoupled { get; }

    /// <inheritdoc/>
    public override string ToString() => SettingText.Print(
        Decoupled ? "adamw" : "adam",
        ("beta1", Beta1, 0.9f), ("beta2", Beta2, 0.999f), ("eps", Epsilon, 1e-8f), ("decay", WeightDecay, Decoupled ? 0.01f : 0f));

    /// <inheritdoc/>
    public override double? ScaleFreeAbove => WeightDecay == 0 || Decoupled ? Epsilon : null;

    /// <inheritdoc/>
    protected override int StateVectors => 2;

    internal static Adam Read(SettingArguments text, bool decoupled) => new(
        text.Number("beta1", Ranges[0], 0.9f), text.Number("beta2", Ranges[1], 0.999f), text.Number("eps", Ranges[2], 1e-8f),
        text.Number("decay", Ranges[3], decoupled ? 0.01f : 0f), decoupled);

    /// <inheritdoc/>
    protected override void Update(in OptimizerUpdate update)
    {
        double correction1 = 1 - Math.Pow(Beta1, update.Updates), correction2 = 1 - Math.Pow(Beta2, update.Updates);
        AdamUpdate.Run(
            update.Values, update.Gradients, update.State(0), update.State(1),
            update.GradientScale, decay: Decoupled ? 0f : WeightDecay, shrink: Decoupled ? 1f - (update.LearningRate * WeightDecay) : 1f,
            Beta1, Beta2, (float)(update.LearningRate / correction1), (float)Math.Sqrt(correction2), Epsilon);
    }
}
