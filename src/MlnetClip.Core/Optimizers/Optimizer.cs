using System.Diagnostics.CodeAnalysis;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// An optimizer's settings, as an immutable value with a text form: <c>adam</c>, <c>adamw:decay=0.01</c>,
/// <c>sgd:momentum=0.9,nesterov=true</c>, <c>rmsprop:alpha=0.9</c>. Its state is a separate <see cref="OptimizerState"/>.
/// Equations and defaults are PyTorch's.
/// </summary>
public abstract class Optimizer : IEquatable<Optimizer>
{
    private protected Optimizer()
    {
    }

    /// <summary>Stochastic gradient descent, see <see cref="MlnetClip.Sgd"/>.</summary>
    public static Optimizer Sgd(float momentum = 0f, float weightDecay = 0f, bool nesterov = false) => new Sgd(momentum, weightDecay, nesterov);

    /// <summary>Adam, see <see cref="MlnetClip.Adam"/>.</summary>
    public static Optimizer Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0f) =>
        new Adam(beta1, beta2, epsilon, weightDecay, decoupled: false);

    /// <summary>Adam with decoupled weight decay, see <see cref="MlnetClip.Adam"/>.</summary>
    public static Optimizer AdamW(float weightDecay = 0.01f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) =>
        new Adam(beta1, beta2, epsilon, weightDecay, decoupled: true);

    /// <summary>RMSProp, see <see cref="MlnetClip.RmsProp"/>.</summary>
    public static Optimizer RmsProp(float alpha = 0.99f, float epsilon = 1e-8f, float momentum = 0f, float weightDecay = 0f) =>
        new RmsProp(alpha, epsilon, momentum, weightDecay);

    /// <summary>Reads a text form.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static Optimizer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return s_parser.Read(text, 0, text.Length);
    }

    /// <summary>Reads a text form; returns false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Optimizer? optimizer)
    {
        try
        {
            optimizer = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            optimizer = null;
        }

        return optimizer is not null;
    }

    /// <summary>
    /// The epsilon of an optimizer that divides by the size of recent gradients plus an epsilon: a constant factor on every gradient
    /// cancels out while gradients are well above it. Null for an optimizer that does not divide.
    /// </summary>
    internal virtual double? ScaleFreeAbove => null;

    /// <summary>Creates the state for one fit.</summary>
    public OptimizerState CreateState(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new OptimizerState(StateVectors, parameters.Length);
    }

    /// <summary>Updates all values from all gradients. Elements are independent, so any division among threads gives the same bits.</summary>
    /// <param name="parameters">Values and gradients.</param>
    /// <param name="state">This optimizer's state.</param>
    /// <param name="learningRate">The learning rate of this step, 0 or more.</param>
    /// <param name="gradientScale">The pending scale of clipping, a factor on every gradient; 1 for none.</param>
    public void Step(ParameterSet parameters, OptimizerState state, float learningRate, float gradientScale = 1f)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        if (state.VectorCount != StateVectors) throw new ArgumentException($"The state does not belong to '{this}'.", nameof(state));
        state.Updates++;
        Update(parameters, state, learningRate, gradientScale, 0, parameters.Length);
    }

    /// <summary>The text form; only values that differ from the defaults are printed.</summary>
    public abstract override string ToString();

    /// <inheritdoc/>
    public bool Equals(Optimizer? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Optimizer);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private protected abstract int StateVectors { get; }

    /// <summary>Updates the elements from <paramref name="start"/>; several threads may update disjoint ranges in one step.</summary>
    internal abstract void Update(
        ParameterSet parameters, OptimizerState state, float learningRate, float gradientScale, int start, int length);

    private static readonly SettingForm<Optimizer>[] s_forms =
    [
        new("sgd", "sgd[:momentum=M,decay=D,nesterov=true]", MlnetClip.Sgd.Read),
        new("adam", "adam[:beta1=B,beta2=B,eps=E,decay=D]", a => MlnetClip.Adam.Read(a, decoupled: false)),
        new("adamw", "adamw[:decay=D,beta1=B,beta2=B,eps=E]", a => MlnetClip.Adam.Read(a, decoupled: true)),
        new("rmsprop", "rmsprop[:alpha=A,eps=E,momentum=M,decay=D]", MlnetClip.RmsProp.Read),
    ];

    private static readonly SettingParser<Optimizer> s_parser =
        new(nameof(Optimizer), s_forms, string.Join(", ", s_forms.Select(f => f.Usage)) + ".");
}
