using System.Globalization;

namespace MlnetClip.Benchmarks;

/// <summary>The command line of the engine's table.</summary>
internal sealed record EngineOptions(string? Json, IReadOnlyList<int> Rows, double Seconds, bool WithPeer, Isa Isa)
{
    public static EngineOptions Parse(string[] args)
    {
        string? json = null;
        int[] rows = [.. Enumerable.Range(1, EngineRow.Training.Length)];
        double seconds = 2;
        bool peer = true;
        Isa isa = Isa.Best;
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
            switch (args[i])
            {
                case "--json": json = Value(); break;
                case "--rows": rows = [.. Value().Split(',').Select(ParseRow)]; break;
                case "--seconds": seconds = ParseSeconds(Value()); break;
                case "--no-peer": peer = false; break;
                case "--isa": isa = Isa.Parse(Value()); break;
                default: throw new ArgumentException($"'{args[i]}' is not an option.");
            }
        }

        return new(json, rows, seconds, peer, isa);
    }

    private static int ParseRow(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) && row <= EngineRow.Training.Length
            ? row
            : throw new ArgumentException($"--rows takes numbers from 0 to {EngineRow.Training.Length}, but got '{text}'.");

    private static double ParseSeconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.1 and <= 600
            ? seconds
            : throw new ArgumentException($"--seconds takes a number from 0.1 to 600, but got '{text}'.");
}
