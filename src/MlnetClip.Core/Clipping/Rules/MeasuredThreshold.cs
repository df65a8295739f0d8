using System.Globalization;
using MlnetClip.Checkpoints;

namespace MlnetClip.Clipping;

/// <summary>The sums of the norms that a measured threshold is computed from, by part of the gradient.</summary>
/// <param name="parts">Names of the parts of the gradient; an empty name for the whole gradient.</param>
/// <param name="factor">The factor on the mean.</param>
internal sealed class MeasuredThreshold(string[] parts, double factor) : ClippingState
{
    private readonly double[] _sums = new double[parts.Length];

    /// <summary>Steps measured.</summary>
    public int Count { get; private set; }

    public override int Version => 1;

    /// <summary>Completes a step; call it after <see cref="Add"/> for each part.</summary>
    public void NextStep() => Count++;

    /// <summary>Adds the norm of one part.</summary>
    public void Add(int part, double norm) => _sums[part] += norm;

    /// <summary>The threshold of one part: the factor times its mean norm over the steps measured.</summary>
    public double Threshold(int part) => factor * _sums[part] / Count;

    public override string Describe() => Count == 0
        ? "nothing measured yet"
        : $"{string.Join(", ", parts.Select((name, part) => Limit(name, part)))}, measured over {Count} steps";

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_sums.Length);
        foreach (double sum in _sums) writer.Write(sum);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt32("the steps measured");
        reader.ReadInt32("the parts of the gradient measured", _sums.Length, _sums.Length);
        foreach (ref double sum in _sums.AsSpan()) sum = reader.ReadFinite("the sum of norms of a part", 0);
    }

    private string Limit(string name, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}{(name.Length == 0 ? "" : " ")}limit {Threshold(part):G4} for a mean of {_sums[part] / Count:G4}");
}
