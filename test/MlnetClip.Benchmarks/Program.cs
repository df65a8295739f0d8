using System.Globalization;
using MlnetClip.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
foreach (var row in EngineRow.Training)
{
    if (args.Length > 1 && !args[1].Split(',').Contains(row.H.ToString()+"x"+row.Layers)) continue;
    foreach (int threads in new[] { 1, 2 })
    {
        var r = OurEngine.Train(row, threads, double.Parse(args[0]));
        Console.WriteLine($"{row.Config,-22} t{threads} median {r.StepMs:F3} min {r.FastestMs:F3} clip {r.ClipMs:F4} matrix {r.MatrixGflops:F0} GF/s  flop-limit@210 {row.MatrixGflop/210*1e3:F3} loss {r.LastLoss:F4}");
    }
}
foreach (var row in EngineRow.Inference) { var (m, f) = OurEngine.Infer(row, double.Parse(args[0])); Console.WriteLine($"infer {row.Config} median {m:F1} us min {f:F1}"); }
