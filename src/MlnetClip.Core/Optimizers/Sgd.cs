using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Stochastic gradient descent with optional momentum, Nesterov momentum and weight decay; PyTorch's equations, dampening 0.</summary>
public sealed class Sgd : Optimizer
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(Momentum), 0, 1, MaximumLegal: false),
        new(nameof(WeightDecay), 0),
    ];

    /// <summary>Creates the settings.</summary>
    /// <param name="momentum">Share of the last update that is kept, 0 or more and below 1; default 0.</param>
    /// <param name="weightDecay">Weight decay, 0 or more; default 0.</param>
    /// <param name="nesterov">Whether to use Nesterov momentum, which requires momentum; default false.</param>
    /// <param name="decoupled">Whether weight decay is applied to the weights directly instead of to the clipped gradient; default false. Without momentum that is the same.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public Sgd(float momentum = 0f, float weightDecay = 0f, bool nesterov = false, bool decoupled = false)
    {
        var errors = new OptionErrors(nameof(Sgd));
        errors.Check(Ranges[0], momentum);
        errors.Check(Ranges[1], weightDecay);
        if (nesterov && momentum == 0f) errors.Add(nameof(Nesterov), "must be false without momentum", "true", "set momentum, for example 0.9.");
        errors.ThrowIfAny();
        Momentum = momentum;
        WeightDecay = weightDecay;
        Nesterov = nesterov;
        Decoupled = decoupled;
    }

    /// <summary>Share of the last update that is kept.</summary>
    public float Momentum { get; }

    /// <summary>Weight decay.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether Nesterov momentum is used.</summary>
    public bool Nesterov { get; }

    /// <summary>Whether weight decay is applied to the weights directly.</summary>
    public bool Decoupled { get; }

    /// <inheritdoc/>
    public override string ToString() => SettingText.Print("sgd", ("momentum", Momentum, 0), ("decay", WeightDecay, 0), ("nesterov", Nesterov), ("decoupled", Decoupled));

    /// <inheritdoc/>
    protected override int StateVectors => Momentum > 0 ? 1 : 0;

    internal static Sgd Read(SettingArguments text)
    {
        float momentum = text.Number("momentum", Ranges[0], 0f), decay = text.Number("decay", Ranges[1], 0f);
        bool nesterov = text.Flag("nesterov", false);
        if (nesterov && momentum == 0f) throw text.Fail("nesterov needs momentum");
        return new Sgd(momentum, decay, nesterov, text.Flag("decoupled", false));
    }

    /// <inheritdoc/>
    protected override void Update(in OptimizerUpdate update)
    {
        float decay = CoupledDecay(update, WeightDecay, Decoupled);
        if (Momentum == 0f)
        {
            SgdUpdate.Plain(update.Values, update.Gradients, update.GradientScale, decay, update.LearningRate);
            return;
        }

        float keep = update.Updates == 1 ? 0f : Momentum;
        SgdUpdate.Momentum(
            update.Values, update.Gradients, update.State(0), update.GradientScale, decay, update.LearningRate,
            keep, take: 1f, lookAhead: Nesterov ? Momentum : float.NaN);
    }
}
