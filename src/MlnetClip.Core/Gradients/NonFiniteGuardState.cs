using MlnetClip.Checkpoints;

namespace MlnetClip.Gradients;

/// <summary>The state of a <see cref="NonFiniteGuard"/> between steps, part of a checkpoint. The snapshot belongs to its target.</summary>
internal sealed class NonFiniteGuardState
{
    /// <summary>The number of non-finite steps whose details are kept; all are counted.</summary>
    public const int EventLimit = 16;

    private readonly List<NonFiniteEvent> _firstEvents = [];

    /// <summary>Non-finite steps in a row up to now.</summary>
    public int Consecutive { get; set; }

    /// <summary>Roll-backs so far.</summary>
    public int RollBacks { get; set; }

    /// <summary>The first 16 non-finite steps.</summary>
    public IReadOnlyList<NonFiniteEvent> FirstEvents => _firstEvents;

    /// <summary>Stores an occurrence if fewer than 16 are stored.</summary>
    public void Add(NonFiniteEvent occurrence)
    {
        if (_firstEvents.Count < EventLimit) _firstEvents.Add(occurrence);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Consecutive);
        writer.Write(RollBacks);
        writer.Write(_firstEvents.Count);
        foreach (NonFiniteEvent occurrence in _firstEvents) occurrence.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        Consecutive = reader.ReadInt32("the non-finite steps in a row");
        RollBacks = reader.ReadInt32("the roll-backs");
        int events = reader.ReadInt32("the number of non-finite events", 0, EventLimit);
        _firstEvents.Clear();
        for (; events > 0; events--) _firstEvents.Add(NonFiniteEvent.Read(reader));
    }
}
