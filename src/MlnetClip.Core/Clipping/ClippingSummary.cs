using System.Text.Json.Serialization;
using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>The clipping provenance of a fitted model: what was asked for and what the gradients did. Data only; it goes into the model.</summary>
public sealed record ClippingSummary
{
    private const int Format = 2; // 1 had no figures of what is limited inside the backward pass

    /// <summary>Text form of the rules.</summary>
    public required string Clipping { get; init; }

    /// <summary>Text form of the non-finite policy.</summary>
    public required string Policy { get; init; }

    /// <summary>The seed of the fit.</summary>
    public ulong Seed { get; init; }

    /// <summary>The learning rate of the fit, before schedule and roll-backs; NaN where unknown.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Text form of the optimizer; empty where unknown.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>What is done inside the backward pass, in words, a line each.</summary>
    [JsonPropertyName("Inside")] // as files of version 0.1 have it
    public IReadOnlyList<string> BackpropClipping { get; init; } = [];

    /// <summary>What each rule does, in words, a line each, with thresholds converted for the fit's sizes.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>All steps.</summary>
    public long Steps { get; init; }

    /// <summary>Steps whose gradient was finite.</summary>
    public long FiniteSteps { get; init; }

    /// <summary>Finite steps whose gradient a rule changed.</summary>
    public long ClippedSteps { get; init; }

    /// <summary>Steps that the optimizer did not take.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Steps in which the tensors concerned were set to zero.</summary>
    public long ZeroedSteps { get; init; }

    /// <summary>Times the fit went back to a snapshot.</summary>
    public long RollBacks { get; init; }

    /// <summary>Share of the elements of finite steps that a clamp changed.</summary>
    public double ShareOfElementsClamped { get; init; }

    /// <summary>Mean over finite steps of the share of what time steps passed to the ones before them that was limited inside the backward pass.</summary>
    public double ShareLimitedInside { get; init; }

    /// <summary>Mean over finite steps of the norm after by the norm before.</summary>
    public double MeanReduction { get; init; } = 1;

    /// <summary>Mean of the norm before clipping over finite steps; NaN when there was none.</summary>
    public double NormMean { get; init; } = double.NaN;

    /// <summary>Largest norm before clipping over finite steps.</summary>
    public double NormMax { get; init; }

    /// <summary>Quantiles of the norm before clipping at <see cref="QuantileShares"/>; NaN when there was no finite step.</summary>
    public IReadOnlyList<double> NormQuantiles { get; init; } = [];

    /// <summary>True when the quantiles are exact, false when they are within 0.35%.</summary>
    public bool QuantilesAreExact { get; init; } = true;

    /// <summary>What adaptive rules ended with, in words, a line each.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Mean norm of what each time step contributed to the gradient, from the first to the last; empty where not asked for.</summary>
    public IReadOnlyList<double> TimeStepNorms { get; init; } = [];

    /// <summary>The first non-finite steps, at most 16.</summary>
    public IReadOnlyList<NonFiniteEvent> FirstEvents { get; init; } = [];

    /// <summary>The shares at which <see cref="NormQuantiles"/> stand: 0, 1, 5, 10, 25, 50, 75, 90, 95, 99 and 100 percent.</summary>
    public static IReadOnlyList<double> QuantileShares { get; } = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

    /// <summary>Steps whose gradient held a NaN or an infinity.</summary>
    public long NonFiniteSteps => Steps - FiniteSteps;

    /// <summary>Finite steps that a rule refused, and the optimizer did not take.</summary>
    public long RefusedSteps => SkippedSteps - (NonFiniteSteps - ZeroedSteps - RollBacks);

    /// <summary>Share of finite steps whose gradient was changed; 0 when there was none.</summary>
    public double ShareClipped => FiniteSteps == 0 ? 0 : (double)ClippedSteps / FiniteSteps;

    /// <summary>Median of the norm before clipping; NaN when there was no finite step.</summary>
    public double NormMedian => NormQuantiles.Count == 0 ? double.NaN : NormQuantiles[5];

    /// <summary>What to make of it, in words, a line each; never empty.</summary>
    public IReadOnlyList<string> Verdicts => ClippingVerdict.Of(this);

    /// <summary>Two summaries are equal when every figure and text in them is.</summary>
    public bool Equals(ClippingSummary? other) => other is not null && Bytes().AsSpan().SequenceEqual(other.Bytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Clipping, Policy, Steps, ClippedSteps, NormMax);

    /// <summary>Writes the summary.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Format);
        writer.Write(Clipping);
        writer.Write(Policy);
        writer.Write(Seed);
        writer.Write(LearningRate);
        writer.Write(Optimizer);
        Write(writer, BackpropClipping, writer.Write);
        Write(writer, Rules, writer.Write);
        foreach (long count in (ReadOnlySpan<long>)[Steps, FiniteSteps, ClippedSteps, SkippedSteps, ZeroedSteps, RollBacks]) writer.Write(count);
        foreach (double figure in (ReadOnlySpan<double>)[ShareOfElementsClamped, MeanReduction, NormMean, NormMax]) writer.Write(figure);
        writer.Write(QuantilesAreExact);
        Write(writer, NormQuantiles, writer.Write);
        Write(writer, States, writer.Write);
        Write(writer, TimeStepNorms, writer.Write);
        Write(writer, FirstEvents, e => e.Write(writer));
        writer.Write(ShareLimitedInside);
    }

    /// <summary>Reads a summary that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged or of a newer version.</exception>
    public static ClippingSummary Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int format = reader.ReadInt32();
        if (format is < 1 or > Format) throw new InvalidDataException($"Clipping summary of format {format}; this version reads 1 to {Format}.");
        return new ClippingSummary
        {
            Clipping = reader.ReadString(),
            Policy = reader.ReadString(),
            Seed = reader.ReadUInt64(),
            LearningRate = reader.ReadDouble(),
            Optimizer = reader.ReadString(),
            BackpropClipping = ReadList(reader, r => r.ReadString()),
            Rules = ReadList(reader, r => r.ReadString()),
            Steps = reader.ReadInt64(),
            FiniteSteps = reader.ReadInt64(),
            ClippedSteps = reader.ReadInt64(),
            SkippedSteps = reader.ReadInt64(),
            ZeroedSteps = reader.ReadInt64(),
            RollBacks = reader.ReadInt64(),
            ShareOfElementsClamped = reader.ReadDouble(),
            MeanReduction = reader.ReadDouble(),
            NormMean = reader.ReadDouble(),
            NormMax = reader.ReadDouble(),
            QuantilesAreExact = reader.ReadBoolean(),
            NormQuantiles = ReadList(reader, r => r.ReadDouble()),
            States = ReadList(reader, r => r.ReadString()),
            TimeStepNorms = ReadList(reader, r => r.ReadDouble()),
            FirstEvents = ReadList(reader, NonFiniteEvent.Read),
            ShareLimitedInside = format > 1 ? reader.ReadDouble() : 0,
        };
    }

    private static T[] ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > 10_000_000) throw new InvalidDataException($"A clipping summary with a list of {count} entries.");
        var list = new List<T>(); // grown as it is read: a damaged count ends with the data, not with the memory
        for (int i = 0; i < count; i++) list.Add(read(reader));
        return [.. list];
    }

    private static void Write<T>(BinaryWriter writer, IReadOnlyList<T> list, Action<T> write)
    {
        writer.Write(list.Count);
        foreach (T entry in list) write(entry);
    }

    private byte[] Bytes()
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content)) Write(writer);
        return content.ToArray();
    }
}
