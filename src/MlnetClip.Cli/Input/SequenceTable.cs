using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlnetClip.Cli.Tasks;
using MlnetClip.Data;

namespace MlnetClip.Cli.Input;

/// <summary>The sequences of a file with their labels: each a row of a wide file, or several rows of a long one.</summary>
/// <param name="Path">The file, as the user wrote it.</param>
/// <param name="FeatureColumns">The columns of the sequence, in order; in a long file, of a time step.</param>
/// <param name="LabelColumns">The columns of the label; empty where they were not read.</param>
/// <param name="Features">The values of each sequence; NaN where one is missing within it.</param>
/// <param name="Labels">The texts of each sequence's labels: one, or in labeling one for each time step; empty texts where they are missing or were not read.</param>
/// <param name="Weights">The weight of each sequence; null without weights.</param>
/// <param name="Places">Names the place of a sequence's label, for errors.</param>
/// <param name="FeaturesPerStep">Values of a time step.</param>
/// <param name="DecimalComma">Whether numbers have a decimal comma.</param>
internal sealed record SequenceTable(
    string Path, IReadOnlyList<string> FeatureColumns, IReadOnlyList<string> LabelColumns, float[][] Features, string[][] Labels, double[]? Weights, Func<int, string> Places, int FeaturesPerStep,
    bool DecimalComma = false)
{
    /// <summary>The label's column of the data view.</summary>
    public string LabelName { get; init; } = SequenceTask.LabelName(LabelColumns);

    /// <summary>The columns of a long file; null for a wide one.</summary>
    public StepColumns? Steps { get; init; }

    /// <summary>The names of the sequences of a long file; null for a wide one.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The texts of the time column of a long file, of each sequence; null where there is none.</summary>
    public string[][]? Times { get; init; }

    /// <summary>The number of sequences: of a wide file, its rows.</summary>
    public int Rows => Features.Length;

    /// <summary>What a sequence is in the file, in the singular.</summary>
    public string Noun => Steps is null ? "row" : "sequence";

    /// <summary>The number of values that every sequence has; 0 where they differ, and for a long file.</summary>
    public int FixedSize => Steps is null && Array.TrueForAll(Features, values => values.Length == Features[0].Length) ? Features[0].Length : 0;

    /// <summary>The numbers of the rows that are held out, drawn at random, and of the others; both in the order of the file.</summary>
    public (int[] Training, int[] HeldOut) Split(double share, int seed)
    {
        int count = (int)decimal.Ceiling(Rows * (decimal)share);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        new SeededRandom((ulong)(uint)seed).Shuffle(rows);
        return ([.. rows[count..].Order()], [.. rows[..count].Order()]);
    }

    /// <summary>Identifies sequences and labels, so that the file that a model was trained on is recognized.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int row = 0; row < Rows; row++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(Features[row].AsSpan()));
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{string.Join('\n', Labels[row])}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
