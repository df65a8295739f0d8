using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>RMSProp with optional momentum and weight decay; PyTorch's equations, not centered.</summary>
public sealed class RmsProp : Optimizer
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(Alpha), 0, 1, MaximumLegal: false),
        new(nameof(Epsilon), 0, MinimumLegal: false),
        new(nameof(Momentum), 0, 1, MaximumLegal: false),
        new(nameof(WeightDecay), 0),
    ];

    /// <summary>Creates the settings.</summary>
    /// <param name="alpha">Decay of the mean square, 0 or more and below 1; default 0.99.</param>
    /// <param name="epsilon">Added to the denominator, above 0; default 1e-8.</param>
    /// <param name="momentum">Share of the last update that is kept, 0 or more and below 1; default 0.</param>
    /// <param name="weightDecay">Weight decay, 0 or more; default 0.</param>
    /// <param name="decoupled">Whether weight decay is applied to the weights directly instead of to the clipped gradient; default false.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public RmsProp(float alpha = 0.99f, float epsilon = 1e-8f, float momentum = 0f, float weightDecay = 0f, bool decoupled = false)
    {
        var errors = new OptionErrors(nameof(RmsProp));
        errors.Check(Ranges[0], alpha);
        errors.Check(Ranges[1], epsilon);
        errors.Check(Ranges[2], momentum);
        errors.Check(Ranges[3], weightDecay);
        errors.ThrowIfAny();
        Alpha = alpha;
        Epsilon = epsilon;
        Momentum = momentum;
        WeightDecay = weightDecay;
        Decoupled = decoupled;
    }

    /// <summary>Decay of the mean square.</summary>
    public float Alpha { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Share of the last update that is kept.</summary>
    public float Momentum { get; }

    /// <summary>Weight decay.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether weight decay is applied to the weights directly.</summary>
    public bool Decoupled { get; }

    /// <inheritdoc/>
    public override string ToString() => SettingText.Print(
        "rmsprop", ("alpha", Alpha, 0.99f), ("eps", Epsilon, 1e-8f), ("momentum", Momentum, 0), ("decay", WeightDecay, 0), ("decoupled", Decoupled));

    /// <inheritdoc/>
    public override double? ScaleFreeAbove => WeightDecay == 0 || Decoupled ? Epsilon : null;

    /// <inheritdoc/>
    protected override int StateVectors => Momentum > 0 ? 2 : 1;

    internal static RmsProp Read(SettingArguments text) => new(
        text.Number("alpha", Ranges[0], 0.99f), text.Number("eps", Ranges[1], 1e-8f),
        text.Number("momentum", Ranges[2], 0f), text.Number("decay", Ranges[3], 0f), text.Flag("decoupled", false));

    /// <inheritdoc/>
    protected override void Update(in OptimizerUpdate update)
    {
        float decay = CoupledDecay(update, WeightDecay, Decoupled);
        RmsPropUpdate.Run(
            update.Values, update.Gradients, update.State(0), Momentum > 0 ? update.State(1) : [],
            update.GradientScale, decay, update.LearningRate, Alpha, Epsilon, Momentum);
    }
}
