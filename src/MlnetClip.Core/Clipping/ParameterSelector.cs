using System.Globalization;
using System.IO.Enumeration;
using MlnetClip.Parameters;

namespace MlnetClip.Clipping;

/// <summary>
/// Selects the parameters that a rule applies to: <c>recurrent</c>, <c>input</c>, <c>bias</c>, <c>head</c>, <c>layer0</c>, or the
/// name of a parameter, in which <c>*</c> and <c>?</c> are wildcards.
/// </summary>
internal sealed record ParameterSelector(string Text)
{
    /// <summary>The legal forms, for messages.</summary>
    public const string Forms = "recurrent, input, bias, head, layer0 and so on, or a parameter's name with * and ?";

    /// <summary>The group in words.</summary>
    public string Words => Text switch
    {
        "recurrent" => "the recurrent weight matrices",
        "input" => "the input weight matrices",
        "bias" => "the biases of recurrent layers",
        "head" => "the head's weights and bias",
        _ when Layer is { } layer => $"layer {layer}",
        _ => $"parameters named {Text}",
    };

    private int? Layer =>
        Text.StartsWith("layer", StringComparison.Ordinal)
        && int.TryParse(Text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : null;

    /// <summary>True when the parameter belongs to the group.</summary>
    public bool Selects(Parameter parameter) => Text switch
    {
        "recurrent" => parameter.Role == ParameterRole.Recurrent,
        "input" => parameter.Role == ParameterRole.Input,
        "bias" => parameter.Role == ParameterRole.Bias,
        "head" => parameter.Role == ParameterRole.Head,
        _ when Layer is { } layer => parameter.Layer == layer,
        _ => FileSystemName.MatchesSimpleExpression(Text, parameter.Name, ignoreCase: false),
    };

    /// <summary>The error message when none of these parameters belongs to the group.</summary>
    public string Misses(IEnumerable<Parameter> parameters) =>
        $"'{Text}' selects no parameter. A group is {Forms}; the parameters are {string.Join(", ", parameters.Select(p => p.Name))}.";

    /// <summary>True when the text is legal after the at sign of a text form.</summary>
    public static bool IsLegal(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '*' or '?');

    public override string ToString() => Text;
}
