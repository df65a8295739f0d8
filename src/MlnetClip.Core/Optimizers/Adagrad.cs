using MlnetClip.Kernels;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011): divides by the root of the sum of all squares so far, so steps become shorter and shorter; PyTorch's equations.</summary>
public sealed class Adagrad : Optimizer
{
    internal static readonly OptionRange[] Ranges = [new(nameof(Epsilon), 0, MinimumLegal: false), new(nameof(WeightDecay), 0)];

    /// <summary>Creates the settings.</summary>
    /// <param name="epsilon">Added to the denominator, above 0; default 1e-10.</param>
    /// <param name="weightDecay">Weight decay, 0 or more; default 0.</param>
    /// <param name="decoupled">Whether weight decay is applied to the weights directly instead of to the gradient; default false.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public Adagrad(float epsilon = 1e-10f, float weightDecay = 0f, bool decoupled = false)
    {
        var errors = new OptionErrors(nameof(Adagrad));
        errors.Check(Ranges[0], epsilon);
        errors.Check(Ranges[1], weightDecay);
        errors.ThrowIfAny();
        (Epsilon, WeightDecay, Decoupled) = (epsilon, weightDecay, decoupled);
    }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Weight decay.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether weight decay is applied to the weights directly.</summary>
    public bool Decoupled { get; }

    /// <inheritdoc/>
    public override string ToString() => SettingText.Print("adagrad", ("eps", Epsilon, 1e-10f), ("decay", WeightDecay, 0), ("decoupled", Decoupled));

    /// <inheritdoc/>
    public override double? ScaleFreeAbove => WeightDecay == 0 || Decoupled ? Epsilon : null;

    /// <inheritdoc/>
    protected override int StateVectors => 1;

    internal static Adagrad Read(SettingArguments text) =>
        new(text.Number("eps", Ranges[0], 1e-10f), text.Number("decay", Ranges[1], 0f), text.Flag("decoupled", false));

    /// <inheritdoc/>
    protected override void Update(in OptimizerUpdate update)
    {
        float decay = CoupledDecay(update, WeightDecay, Decoupled);
        AdagradUpdate.Run(update.Values, update.Gradients, update.State(0), update.GradientScale, decay, update.LearningRate, Epsilon);
    }
}
