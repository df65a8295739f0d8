using System.Diagnostics;
using System.Reflection;

namespace MlnetClip.Benchmarks;

/// <summary>Our side, one process for each measurement as for the peers, so that the instructions can be chosen and memory is that of one job.</summary>
internal static class OwnProcess
{
    private static readonly string Program = Assembly.GetExecutingAssembly().Location;

    /// <summary>Milliseconds of a training step, and of clipping in it.</summary>
    public static (Measured Step, double ClipMs) Train(int row, int threads, double seconds, Isa isa)
    {
        Measured step = Run(isa, "train", $"{row}", $"{threads}", $"{seconds}");
        return (step, double.Parse(step.Version));
    }

    /// <summary>Milliseconds of a training step of any row.</summary>
    public static double TrainMs(EngineRow row, int threads, double seconds, Isa isa) => Run(isa, ["row", "0", $"{threads}", $"{seconds}", .. row.Arguments]).Value;

    /// <summary>GFLOP/s in matrix products.</summary>
    public static double MatrixGflops(int row, int threads, double seconds, Isa isa) => Run(isa, "matrix", $"{row}", $"{threads}", $"{seconds}").Value;

    /// <summary>Microseconds of the forward passes of a row.</summary>
    public static Measured Infer(int row, double seconds, Isa isa) => Run(isa, "infer", $"{row}", "1", $"{seconds}");

    /// <summary>Milliseconds of a training step of the libtorch engine.</summary>
    public static Measured TrainLibtorch(int row, int threads, double seconds, Isa isa) => Run(isa, "libtorch", $"{row}", $"{threads}", $"{seconds}");

    /// <summary>Measures, in the process that <see cref="Run"/> started.</summary>
    public static Measured Measure(string[] args)
    {
        int row = int.Parse(args[1]), threads = int.Parse(args[2]);
        double seconds = double.Parse(args[3]), value;
        string note = "";
        switch (args[0])
        {
            case "train":
                OurEngine.TrainingResult result = OurEngine.Train(EngineRow.Training[row], threads, seconds);
                (value, note) = (result.StepMs, $"{result.ClipMs:R}");
                break;
            case "row": value = OurEngine.Train(EngineRow.Of(args[4..]), threads, seconds).StepMs; break;
            case "libtorch": value = LibtorchEngine.TrainMs(EngineRow.Training[row], threads, seconds); break;
            case "matrix": value = OurEngine.MatrixGflops(EngineRow.Training[row], threads, seconds); break;
            case "infer": value = OurEngine.InferUs(EngineRow.Inference[row], seconds); break;
            default: throw new ArgumentException($"'{args[0]}' is not known.");
        }

        using var process = Process.GetCurrentProcess();
        return new Measured(value, process.PeakWorkingSet64 / (double)(1 << 20), note);
    }

    private static Measured Run(Isa isa, params IEnumerable<string> arguments) =>
        Measured.Run(Program, isa, ["own", .. arguments], out string error) ?? throw new InvalidOperationException($"A measurement failed: {error}");
}
