using MlnetClip.Clipping;
using MlnetClip.Parameters;

namespace MlnetClip;

/// <summary>
/// Parameters that training leaves as they are. Immutable, equal by value, with a text form: groups joined by <c>+</c>, for example <c>layer0</c>, <c>layer0+layer1</c>,
/// <c>body</c> (all but the head), or a parameter's name with <c>*</c>.
/// </summary>
public sealed record FrozenParameters
{
    private const string Body = "body";

    private readonly string _text;

    private FrozenParameters(string text) => _text = text;

    /// <summary>Freezes everything but the head. Text: <c>body</c>.</summary>
    public static FrozenParameters AllButHead { get; } = new(Body);

    /// <summary>Reads a text form: groups joined by <c>+</c>, which are <c>body</c> and the groups of <see cref="GradientClipping.ForParameters(string, GradientClipping)"/>.</summary>
    /// <exception cref="FormatException">The text is not a legal form.</exception>
    public static FrozenParameters Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string group in text.Split('+'))
            if (!ParameterSelector.IsLegal(group)) throw new FormatException($"must be groups joined by +: {Body}, {ParameterSelector.Forms}, but was '{text}'.");
        return new FrozenParameters(text);
    }

    /// <summary>Why this does not fit a model: a group selects none of its parameters, or nothing is left to train. Null where it fits.</summary>
    /// <param name="parameters">The model's parameters, as <see cref="ParameterSet.LayOut"/> returns them.</param>
    public string? ProblemWith(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (string group in _text.Split('+'))
        {
            if (parameters.Any(parameter => Selects(group, parameter))) continue;
            return $"'{group}' selects no parameter. A group is {Body} (all but the head), {ParameterSelector.Forms}; the parameters are {string.Join(", ", parameters.Select(p => p.Name))}.";
        }

        return parameters.All(IsFrozen) ? $"'{_text}' selects every parameter, so that nothing is trained." : null;
    }

    /// <summary>Whether a parameter is frozen.</summary>
    internal bool IsFrozen(Parameter parameter) => _text.Split('+').Any(group => Selects(group, parameter));

    /// <summary>The text form.</summary>
    public override string ToString() => _text;

    private static bool Selects(string group, Parameter parameter) =>
        group == Body ? parameter.Role != ParameterRole.Head : new ParameterSelector(group).Selects(parameter);
}
