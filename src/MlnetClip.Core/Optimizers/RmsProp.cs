using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
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
    /// <param name="weightDecay">L2 penalty added to the clipped gradient, 0 or more; default 0.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public RmsProp(float alpha = 0.99f, float epsilon = 1e-8f, float momentum = 0f, float weightDecay = 0f)
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
    }

    /// <summary>Decay of the mean square.</summary>
    public float Alpha { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Share of the last update that is kept.</summary>
    public float Momentum { get; }

    /// <summary>L2 penalty.</summary>
    public float WeightDecay { get; }

    /// <inheritdoc/>
    public override string ToString() => SettingText.Print(
        "rmsprop", ("alpha", Alpha, 0.99f), ("eps", Epsilon, 1e-8f), ("momentum", Momentum, 0), ("decay", WeightDecay, 0));

    internal override double? ScaleFreeAbove => WeightDecay == 0 ? Epsilon : null;

    private protected override int StateVectors => Momentum > 0 ? 2 : 1;

    internal static RmsProp Read(SettingArguments text) => new(
        text.Number("alpha", Ranges[0], 0.99f), text.Number("eps", Ranges[1], 1e-8f),
        text.Number("momentum", Ranges[2], 0f), text.Number("decay", Ranges[3], 0f));

    internal override void Update(
        ParameterSet parameters, OptimizerState state, float learningRate, float gradientScale, int start, int length) =>
        RmsPropUpdate.Run(
            parameters.Values.Slice(start, length), parameters.Gradients.Slice(start, length),
            state.Vector(0).Slice(start, length), Momentum > 0 ? state.Vector(1).Slice(start, length) : [],
            gradientScale, WeightDecay, learningRate, Alpha, Epsilon, Momentum);
}
