using System.Diagnostics;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Libtorch;
using MlnetClip.Parameters;
using MlnetClip.Training;
using TorchSharp;

namespace MlnetClip.Benchmarks;

/// <summary>The libtorch engine on a row: the same step as <see cref="OurEngine"/>'s, with the loop's own clipping and optimizer.</summary>
internal static class LibtorchEngine
{
    /// <summary>Why libtorch cannot be loaded; null where it can.</summary>
    public static string? Problem { get; } = FindProblem();

    /// <summary>Median milliseconds of a training step.</summary>
    /// <param name="row">The sizes.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="seconds">About how long to measure.</param>
    /// <param name="unrolled">Whether a limit inside the backward pass asks for one time step after the other, which libtorch's own operator cannot do.</param>
    public static double TrainMs(EngineRow row, int threads, double seconds, bool unrolled = false)
    {
        using IBackend backend = TorchSharpBackend.On("cpu").Create(new BackendRequest
        {
            Model = row.Model, Shape = new BatchShape(row.T, row.I, 1), BatchSize = row.B, Loss = new MseLoss(), Threads = threads, Seed = 1234,
        });
        if (unrolled) backend.BackpropClipping = new BackpropLimits(Norm: 1e6f);
        return OurEngine.Steps(row, backend, seconds).StepMs;
    }

    /// <summary>Median milliseconds of a step that values of parameters take to the device and gradients to the host.</summary>
    public static double CopyMs(EngineRow row, double seconds)
    {
        using ManagedBackend host = OurEngine.Backend(row with { T = 1, B = 1 }, 1, KernelSet.Best);
        using DisposeScope scope = torch.NewDisposeScope();
        var tensors = host.Parameters.Items.Select(parameter => (Parameter: parameter, Tensor: torch.zeros(parameter.Rows, parameter.Columns))).ToArray();
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds || times.Count < 5)
        {
            long start = Stopwatch.GetTimestamp();
            using DisposeScope step = torch.NewDisposeScope();
            foreach (var (parameter, tensor) in tensors) HostTensor.Write(host.Parameters.ValuesOf(parameter), tensor);
            foreach (var (parameter, tensor) in tensors) HostTensor.Read(tensor, host.Parameters.GradientsOf(parameter));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return OurEngine.Median(times);
    }

    private static string? FindProblem()
    {
        try
        {
            TorchSharpBackend.LoadLibtorch();
            return null;
        }
        catch (DllNotFoundException e)
        {
            return e.Message;
        }
    }
}
