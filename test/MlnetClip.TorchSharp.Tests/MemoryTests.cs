using System.Globalization;
using MlnetClip.Models;
using MlnetClip.Training;
using TorchSharp;

namespace MlnetClip.Libtorch.Tests;

/// <summary>No memory is leaked, step by step and fit by fit. MLNETCLIP_LIBTORCH_STEPS sets the steps, 10,000 for the figures of the docs; 300 by default.</summary>
[TestClass]
[DoNotParallelize]
public sealed class MemoryTests : LibtorchTest
{
    private static readonly int Steps =
        Environment.GetEnvironmentVariable("MLNETCLIP_LIBTORCH_STEPS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 300;

    [TestMethod]
    public void ManyStepsLeaveNoTensor()
    {
        var fits = Enumerable.Range(1, 12).Select(seed => GeneratedFit.Create((ulong)seed)).Select(fit => (Fit: fit, Torch: Create(fit))).ToArray();
        var norms = fits.Select(each => new double[each.Fit.Batch.TimeSteps]).ToArray();
        Run(Steps / 3);
        (long tensors, long bytes) = (Tensors(), ResidentBytes());
        Run(Steps);

        Report("steps", Steps, bytes);
        Assert.AreEqual(tensors, Tensors());
        Assert.IsLessThan(32L << 20, ResidentBytes() - bytes);
        foreach (var (_, torch) in fits) torch.Dispose();

        void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                var (fit, torch) = fits[step % fits.Length];
                torch.ComputeGradients(fit.Batch, (ulong)step);
                if (step % 8 == 0) torch.TimeStepNorms(norms[step % fits.Length]);
                torch.ComputeLoss(fit.Batch);
            }
        }
    }

    [TestMethod]
    public void ManyFitsLeaveNoTensor()
    {
        int fits = Math.Max(10, Steps / 50);
        ModelSpec model = ModelSpec.Stack(3, new RecurrentSpec(RecurrentCell.Lstm, 256, Bidirectional: true), 2, new HeadSpec(Pooling.Last, 2)); // 9 MB of parameters
        GeneratedFit fit = GeneratedFit.Create(1) with { Model = model, Loss = new MseLoss(), Limits = default };
        fit = fit with { Batch = new Data.SequenceBatch(new Data.BatchShape(4, 3, 2), 4) };
        Run(5);
        (long tensors, long bytes) = (Tensors(), ResidentBytes());
        Run(fits);

        Report("fits", fits, bytes);
        Assert.AreEqual(tensors, Tensors());
        Assert.IsLessThan(64L << 20, ResidentBytes() - bytes);

        void Run(int count)
        {
            for (int n = 0; n < count; n++)
            {
                using IBackend torch = Create(fit);
                torch.ComputeGradients(fit.Batch, 1);
            }
        }
    }

    private static IBackend Create(GeneratedFit fit)
    {
        IBackend torch = TorchSharpBackend.Default.Create(new BackendRequest { Model = fit.Model, Shape = fit.Shape, BatchSize = fit.Batch.BatchSize, Loss = fit.Loss });
        torch.BackpropClipping = fit.Limits;
        return torch;
    }

    /// <summary>The tensors of this process that are not released yet, without those that the garbage collector releases.</summary>
    private static long Tensors()
    {
        Collect();
        return torch.Tensor.TotalCount;
    }

    private static long ResidentBytes()
    {
        Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Collect()
    {
        for (int n = 0; n < 2; n++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void Report(string what, int count, long before) =>
        Console.WriteLine($"{count} {what}: {(ResidentBytes() - before) / 1024.0 / 1024.0:F1} MiB more resident, {before >> 20} MiB before");
}
