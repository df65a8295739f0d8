using MlnetClip.Checkpoints;

namespace MlnetClip;

/// <summary>One occurrence of a gradient with a NaN or an infinity.</summary>
/// <param name="Step">The step, 0 at the first.</param>
/// <param name="Epoch">The epoch, 1 at the first.</param>
/// <param name="Parameter">Name of the first affected tensor.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Gate">The first affected gate; null where the tensor has none.</param>
/// <param name="Outcome">The outcome of the step; null where it ended the fit.</param>
public sealed record NonFiniteEvent(long Step, int Epoch, string Parameter, int Layer, string? Gate, StepOutcome? Outcome)
{
    /// <summary>The event in words.</summary>
    public override string ToString() =>
        $"step {Step} (epoch {Epoch}): '{Parameter}', layer {Layer}{(Gate is null ? "" : $", gate {Gate}")}";

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Step);
        writer.Write(Epoch);
        writer.Write(Parameter);
        writer.Write(Layer);
        writer.Write(Gate ?? "");
        writer.Write(Outcome is null ? -1 : (int)Outcome);
    }

    internal static NonFiniteEvent Read(BinaryReader reader)
    {
        long step = reader.ReadInt64("the step of a non-finite event");
        int epoch = reader.ReadInt32("the epoch of a non-finite event", 1);
        string parameter = reader.ReadText("the parameter of a non-finite event");
        int layer = reader.ReadInt32("the layer of a non-finite event");
        string gate = reader.ReadText("the gate of a non-finite event");
        int outcome = reader.ReadInt32("the outcome of a non-finite event", -1, (int)StepOutcome.RolledBack);
        return new NonFiniteEvent(step, epoch, parameter, layer, gate.Length == 0 ? null : gate, outcome < 0 ? null : (StepOutcome)outcome);
    }
}
