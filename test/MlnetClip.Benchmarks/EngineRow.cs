namespace MlnetClip.Benchmarks;

/// <summary>One line of the engine's table: the sizes of a model and of its batches.</summary>
/// <param name="I">Features per time step.</param>
/// <param name="H">Hidden units.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="T">Time steps.</param>
/// <param name="B">Sequences in a batch.</param>
/// <param name="Goal">How many times faster than the peer the project wants to be.</param>
internal sealed record EngineRow(int I, int H, int Layers, int T, int B, double Goal)
{
    /// <summary>Training steps, with Adam and clipping by norm.</summary>
    public static readonly EngineRow[] Training =
    [
        new(8, 32, 1, 24, 32, 10), new(1, 64, 1, 48, 32, 8), new(7, 64, 2, 96, 32, 6), new(32, 128, 1, 64, 64, 3),
        new(64, 256, 2, 64, 64, 1.8), new(256, 512, 2, 35, 64, 1.5), new(256, 1024, 1, 35, 64, 2.5),
    ];

    /// <summary>The forward pass of one sequence, on one thread.</summary>
    public static readonly EngineRow[] Inference = [new(1, 64, 1, 48, 1, 15), new(7, 64, 2, 96, 1, 15)];

    /// <summary>Matrix arithmetic of the recurrent layers in one training step, in GFLOP: forward 2mnk, backward twice that, without dX of the first layer.</summary>
    public double MatrixGflop
    {
        get
        {
            double flop = 0;
            for (int layer = 0; layer < Layers; layer++)
            {
                double inputs = layer == 0 ? I : H, product = 2.0 * B * T * 4 * H;
                flop += 3 * product * (inputs + H) - (layer == 0 ? product * inputs : 0);
            }

            return flop / 1e9;
        }
    }

    /// <summary>Matrix arithmetic of the forward pass, in GFLOP.</summary>
    public double ForwardGflop => Enumerable.Range(0, Layers).Sum(layer => 2.0 * B * T * 4 * H * ((layer == 0 ? I : H) + H)) / 1e9;

    public string Config => $"{I}, {H}, {Layers}, {T}, {B}";
}
