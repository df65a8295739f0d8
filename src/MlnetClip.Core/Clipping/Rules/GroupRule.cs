namespace MlnetClip.Clipping;

/// <summary>A rule put in charge of some of the parameters: it sees no others, so a global norm is the norm over these.</summary>
internal sealed record GroupRule(ParameterSelector Group, IClippingRule Inner) : IClippingRule
{
    public string Text => $"{Inner.Text}@{Group}";

    public string Describe(in ClippingStep step) => 
        $"among {Group.Words} only, the rest neither counted nor touched, so that no norm here is the global one: "
        + Inner.Describe(step).Replace("all parameters", "these", StringComparison.Ordinal);

    public ClippingState? CreateState(GradientGroup gradients) => Inner.CreateState(gradients.Select(Group));

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state) =>
        Inner.Apply(gradients.Select(Group), step, state);
}
