namespace MlnetClip.Search.Spaces;

/// <summary>Makes a parameter depend on a choice of an earlier parameter, for example the value limit on clipping by value.</summary>
/// <param name="Parameter">The name of a <see cref="ChoiceParameter"/> earlier in the space.</param>
/// <param name="Choice">The choice under which the parameter matters.</param>
public sealed record ParameterCondition(string Parameter, string Choice)
{
    /// <summary>The text form, <c>rule=norm</c>.</summary>
    public override string ToString() => $"{Parameter}={Choice}";
}
