using System.Globalization;

namespace MlnetClip.Clipping;

/// <summary>The norms that a measured threshold has seen so far, summed by part of the gradient.</summary>
internal sealed class CalibrationState(int parts) : ClippingState
{
    private readonly double[] _sums = new double[parts];

    /// <summary>Steps measured.</summary>
    public int Count { get; private set; }

    public override int Version => 1;

    /// <summary>Adds one step's norms; call <see cref="Add"/> for each part, then this.</summary>
    public void NextStep() => Count++;

    /// <summary>Adds the norm of one part.</summary>
    public void Add(int part, double norm) => _sums[part] += norm;

    /// <summary>The mean norm of one part over the steps measured.</summary>
    public double Mean(int part) => _sums[part] / Count;

    public override string Describe() => Count == 0
        ? "nothing measured yet"
        : $"mean norm over {Count} steps {string.Join(", ", _sums.Select(s => (s / Count).ToString("G4", CultureInfo.InvariantCulture)))}";

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_sums.Length);
        foreach (double sum in _sums) writer.Write(sum);
    }

    public override void Read(BinaryReader reader, int version)
    {
        Count = reader.ReadInt32();
        int parts = reader.ReadInt32();
        if (Count < 0 || parts != _sums.Length) throw new InvalidDataException($"A calibration of {Count} steps and {parts} parts; this gradient has {_sums.Length}.");
        for (int i = 0; i < parts; i++) _sums[i] = reader.ReadDouble();
    }
}
