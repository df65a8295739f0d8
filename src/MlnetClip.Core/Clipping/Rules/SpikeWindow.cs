using System.Globalization;

namespace MlnetClip.Clipping;

/// <summary>The last norms and losses.</summary>
internal sealed class SpikeWindow(int capacity) : ClippingState
{
    /// <summary>The last norms.</summary>
    public RecentFigures Norms { get; } = new(capacity);

    /// <summary>The last losses; empty where they are not known.</summary>
    public RecentFigures Losses { get; } = new(capacity);

    public override int Version => 1;

    public override string Describe() => Norms.Count == 0
        ? "no norms yet"
        : string.Create(CultureInfo.InvariantCulture, $"mean norm {Norms.Mean:G4}, standard deviation {Norms.Deviation:G4}")
            + (Losses.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; mean loss {Losses.Mean:G4}, standard deviation {Losses.Deviation:G4}"));

    public override void Write(BinaryWriter writer)
    {
        Norms.Write(writer);
        Losses.Write(writer);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Norms.Read(reader, "norm");
        Losses.Read(reader, "loss");
    }
}
