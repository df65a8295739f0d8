using MlnetClip.Models;

namespace MlnetClip.Benchmarks;

/// <summary>One line of the engine's table: the sizes of a model and of its batches.</summary>
/// <param name="I">Features per time step.</param>
/// <param name="H">Hidden units.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="T">Time steps.</param>
/// <param name="B">Sequences in a batch.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Bidirectional">Whether every layer runs in both directions.</param>
internal sealed record EngineRow(int I, int H, int Layers, int T, int B, RecurrentCell Cell = RecurrentCell.Lstm, bool Bidirectional = false)
{
    /// <summary>Training steps, with Adam and clipping by norm.</summary>
    public static readonly EngineRow[] Training =
    [
        new(8, 32, 1, 24, 32), new(1, 64, 1, 48, 32), new(7, 64, 2, 96, 32), new(32, 128, 1, 64, 64), new(64, 256, 2, 64, 64), new(256, 512, 2, 35, 64), new(256, 1024, 1, 35, 64),
        new(7, 64, 2, 96, 32, RecurrentCell.Gru), new(32, 128, 1, 64, 64, RecurrentCell.Gru), new(32, 128, 1, 64, 64, Bidirectional: true),
    ];

    /// <summary>Forward passes on one thread: one sequence, and the small batches of a web server.</summary>
    public static readonly EngineRow[] Inference =
    [
        new(1, 64, 1, 48, 1), new(7, 64, 2, 96, 1), new(7, 64, 2, 96, 4), new(7, 64, 2, 96, 16), new(7, 64, 2, 96, 64), new(7, 64, 2, 96, 1, RecurrentCell.Gru), new(7, 64, 1, 96, 1, Bidirectional: true),
        new(7, 64, 2, 96, 16, RecurrentCell.Gru), new(7, 64, 1, 96, 16, Bidirectional: true),
    ];

    private int Directions => Bidirectional ? 2 : 1;

    private int Gates => Cell == RecurrentCell.Gru ? 3 : 4;

    /// <summary>The model: recurrent layers and a dense head with one output on the last state.</summary>
    public ModelSpec Model => ModelSpec.Stack(I, new RecurrentSpec(Cell, H) { Bidirectional = Bidirectional }, Layers, new HeadSpec(Pooling.Last, 1));

    /// <summary>Matrix arithmetic of the recurrent layers in one training step, in GFLOP: forward 2mnk, backward twice that, without dX of the first layer.</summary>
    public double MatrixGflop => Products((product, inputs, layer) => (3 * product * (inputs + H)) - (layer == 0 ? product * inputs : 0));

    /// <summary>Matrix arithmetic of the forward pass, in GFLOP.</summary>
    public double ForwardGflop => Products((product, inputs, _) => product * (inputs + H));

    /// <summary>The row in the table.</summary>
    public string Config => $"{I}, {H}, {Layers}, {T}, {B}{(Cell == RecurrentCell.Gru ? " GRU" : "")}{(Bidirectional ? " both ways" : "")}";

    /// <summary>The row as arguments of a peer.</summary>
    public string[] Arguments => [$"{Cell}".ToLowerInvariant(), $"{I}", $"{H}", $"{Layers}", $"{T}", $"{B}", $"{Directions}"];

    /// <summary>The row of its <see cref="Arguments"/>.</summary>
    public static EngineRow Of(string[] arguments)
    {
        int[] sizes = Array.ConvertAll(arguments[1..], int.Parse);
        return new(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], Enum.Parse<RecurrentCell>(arguments[0], ignoreCase: true), sizes[5] == 2);
    }

    private double Products(Func<double, double, int, double> flop) =>
        Enumerable.Range(0, Layers).Sum(layer => flop(2.0 * B * T * Gates * H * Directions, layer == 0 ? I : H * Directions, layer)) / 1e9;
}
