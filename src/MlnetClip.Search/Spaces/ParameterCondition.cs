namespace MlnetClip.Search.Spaces;

/// <summary>Makes a parameter matter only under one choice of an earlier parameter: the value limit only where the rule is by value.</summary>
/// <param name="Parameter">The name of a <see cref="ChoiceParameter"/> that stands earlier in the space.</param>
/// <param name="Choice">The choice under which the parameter matters.</param>
public sealed record ParameterCondition(string Parameter, string Choice)
{
    /// <summary>The text form, <c>rule=norm</c>.</summary>
    public override string ToString() => $"{Parameter}={Choice}";
}
