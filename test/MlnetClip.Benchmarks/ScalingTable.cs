namespace MlnetClip.Benchmarks;

/// <summary>How a training step scales: with the threads, by hidden units, and with the time steps and the sequences of a batch.</summary>
internal static class ScalingTable
{
    private const int Rounds = 3;

    private static readonly EngineRow[] Threads =
    [
        new(7, 64, 2, 96, 32), new(32, 128, 1, 64, 64), new(32, 128, 2, 64, 64), new(64, 256, 2, 64, 64), new(256, 512, 2, 35, 64), new(256, 1024, 1, 35, 64), new(32, 128, 1, 64, 64, RecurrentCell.Gru),
    ];

    private static readonly EngineRow Base = new(32, 128, 1, 64, 64);

    private static readonly (string What, EngineRow Row)[] Sizes =
    [
        ("twice the time steps", Base with { T = 2 * Base.T }), ("eight times the time steps", Base with { T = 8 * Base.T }), ("twice the sequences", Base with { B = 2 * Base.B }),
        ("eight times the sequences", Base with { B = 8 * Base.B }),
    ];

    /// <summary>Prints the tables.</summary>
    /// <param name="options">The time of a measurement.</param>
    public static void Run(EngineOptions options)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine("The best of rounds in turn, each a process of its own.");
        Console.WriteLine();
        Console.WriteLine($"{"I, H, layers, T, B",-28} {"1 thread, ms",13} {"2 threads, ms",14} {"times as fast",14}");
        foreach (EngineRow row in Threads)
        {
            double[] ms = Best(options, (row, 1), (row, 2));
            Console.WriteLine($"{row.Config,-28} {ms[0],13:F3} {ms[1],14:F3} {ms[0] / ms[1],14:F2}");
        }

        Console.WriteLine();
        Console.WriteLine($"{$"{Base.Config}, 1 thread",-28} {"ms",13} {"times as long",14}");
        double[] all = Best(options, [(Base, 1), .. Sizes.Select(size => (size.Row, 1))]);
        Console.WriteLine($"{"",-28} {all[0],13:F3} {1.0,14:F2}");
        for (int i = 0; i < Sizes.Length; i++) Console.WriteLine($"{Sizes[i].What,-28} {all[i + 1],13:F3} {all[i + 1] / all[0],14:F2}");
    }

    private static double[] Best(EngineOptions options, params (EngineRow Row, int Threads)[] measurements)
    {
        double[] best = [.. measurements.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < Rounds; round++)
            for (int i = 0; i < best.Length; i++) best[i] = Math.Min(best[i], OwnProcess.TrainMs(measurements[i].Row, measurements[i].Threads, options.Seconds, options.Isa));
        return best;
    }
}
