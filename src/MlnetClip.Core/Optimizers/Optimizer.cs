using System.Diagnostics.CodeAnalysis;
using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// An optimizer's settings, as an immutable value with a text form: <c>adam</c>, <c>adamw:decay=0.01</c>,
/// <c>sgd:momentum=0.9,nesterov=true</c>, <c>rmsprop:alpha=0.9</c>, <c>adagrad</c>. Its state is a separate <see cref="OptimizerState"/>.
/// Equations and defaults are PyTorch's. A custom optimizer is one class that derives from this one.
/// </summary>
public abstract class Optimizer : IEquatable<Optimizer>
{

    /// <summary>Stochastic gradient descent, see <see cref="MlnetClip.Sgd"/>.</summary>
    public static Optimizer Sgd(float momentum = 0f, float weightDecay = 0f, bool nesterov = false, bool decoupled = false) => new Sgd(momentum, weightDecay, nesterov, decoupled);

    /// <summary>Adagrad, see <see cref="MlnetClip.Adagrad"/>.</summary>
    public static Optimizer Adagrad(float epsilon = 1e-10f, float weightDecay = 0f, bool decoupled = false) => new Adagrad(epsilon, weightDecay, decoupled);

    /// <summary>Adam, see <see cref="MlnetClip.Adam"/>.</summary>
    public static Optimizer Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0f) =>
        new Adam(beta1, beta2, epsilon, weightDecay, decoupled: false);

    /// <summary>Adam with decoupled weight decay, see <see cref="MlnetClip.Adam"/>.</summary>
    public static Optimizer AdamW(float weightDecay = 0.01f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) =>
        new Adam(beta1, beta2, epsilon, weightDecay, decoupled: true);

    /// <summary>RMSProp, see <see cref="MlnetClip.RmsProp"/>.</summary>
    public static Optimizer RmsProp(float alpha = 0.99f, float epsilon = 1e-8f, float momentum = 0f, float weightDecay = 0f, bool decoupled = false) =>
        new RmsProp(alpha, epsilon, momentum, weightDecay, decoupled);

    /// <summary>Registers the text form of a custom optimizer with <see cref="Parse"/>, for this process.</summary>
    /// <param name="name">The word before the colon: lowercase letters, digits and hyphens.</param>
    /// <param name="usage">The form as error messages show it, for example <c>sign[:DECAY]</c>.</param>
    /// <param name="create">Creates the optimizer from the text after the colon, which may be empty; may throw a <see cref="FormatException"/>.</param>
    /// <exception cref="ArgumentException">The name is taken or cannot be a name.</exception>
    public static void Register(string name, string usage, Func<string, Optimizer> create)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(create);
        OptimizerText.Register(name, usage, create);
    }

    /// <summary>Reads a text form.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static Optimizer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OptimizerText.Parse(text);
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
    public virtual double? ScaleFreeAbove => null;

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
        Run(parameters, state, learningRate, gradientScale, 0, parameters.Length);
    }

    /// <summary>The text form; only values that differ from the defaults are printed.</summary>
    public abstract override string ToString();

    /// <inheritdoc/>
    public bool Equals(Optimizer? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Optimizer);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The number of state vectors that the optimizer keeps, each as long as the parameters; 0 for none.</summary>
    protected abstract int StateVectors { get; }

    /// <summary>Updates some elements. It allocates nothing, and what it does with an element depends on nothing but this element and the settings.</summary>
    /// <param name="update">The elements, and the learning rate.</param>
    protected abstract void Update(in OptimizerUpdate update);

    /// <summary>Updates the elements from <paramref name="start"/>; several threads may update disjoint ranges in one step.</summary>
    internal void Run(ParameterSet parameters, OptimizerState state, float learningRate, float gradientScale, int start, int length) =>
        Update(new OptimizerUpdate(parameters, state, learningRate, gradientScale, start, length));

    /// <summary>The weight decay that is added to the gradient: none where it is decoupled, which is applied here, <c>value *= 1 - rate * decay</c>.</summary>
    private protected static float CoupledDecay(in OptimizerUpdate update, float weightDecay, bool decoupled)
    {
        if (!decoupled) return weightDecay;
        if (weightDecay != 0) Kernels.ScaleInPlace.By(update.Values, 1f - (update.LearningRate * weightDecay));
        return 0;
    }
}
