namespace MlnetClip.Clipping;

/// <summary>A rule that applies to some of the parameters only: its global norm is the norm over these.</summary>
internal sealed record GroupRule(ParameterSelector Group, IClippingRule Inner) : IClippingRule
{
    public string Text => $"{Inner.Text}@{Group}";

    public string Describe(in ClippingStep step) =>
        $"for {Group.Words} only (norms are taken over these; the other parameters are not clipped): {Inner.Describe(step with { OfGroup = true })}";

    public ClippingState? CreateState(GradientGroup gradients) => Inner.CreateState(gradients.Select(Group));

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state) =>
        Inner.Apply(gradients.Select(Group), step, state);
}
