namespace MlnetClip.Benchmarks;

/// <summary>The libtorch engine's table: a step beside the managed engine's, unrolled, and what copying to and from the device is of it.</summary>
internal static class LibtorchTable
{
    public static void Run(EngineOptions options)
    {
        Console.WriteLine(Machine.Describe());
        if (LibtorchEngine.Problem is { } problem)
        {
            Console.WriteLine(problem);
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"{"I, H, layers, T, B",-32} {"managed, ms",12} {"libtorch, ms",13} {"ratio",7} {"unrolled, ms",13} {"copies, ms",11} {"of step",8}");
        int[] threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];
        for (int n = 0; n < EngineRow.Training.Length; n++)
        {
            if (!options.Rows.Contains(n + 1)) continue;
            EngineRow row = EngineRow.Training[n];
            double managed = double.PositiveInfinity, torch = managed, unrolled = managed;
            foreach (int count in threads)
            {
                managed = Math.Min(managed, OurEngine.Train(row, count, options.Seconds).StepMs);
                torch = Math.Min(torch, LibtorchEngine.TrainMs(row, count, options.Seconds));
                unrolled = Math.Min(unrolled, LibtorchEngine.TrainMs(row, count, options.Seconds, unrolled: true));
            }

            double copies = LibtorchEngine.CopyMs(row, options.Seconds / 2);
            Console.WriteLine($"{row.Config,-32} {managed,12:F3} {torch,13:F3} {torch / managed,7:F2} {unrolled,13:F3} {copies,11:F3} {copies / torch,8:P1}");
        }
    }
}
