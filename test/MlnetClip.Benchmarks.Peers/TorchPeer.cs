using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Benchmarks.Peers;

/// <summary>
/// TorchSharp over libtorch at its best: inputs of T x N x C, first states of its own, one dispose scope a step, inference mode for forward passes.
/// A training step is Adam with the gradient clipped by norm, on a pool of 8 batches.
/// </summary>
internal static class TorchPeer
{
    private const int Pool = 8;

    /// <summary>What to measure.</summary>
    public sealed record Job(string Cell, int I, int H, int Layers, int T, int B, int Directions, int Threads, double Seconds)
    {
        public static Job Parse(string[] args)
        {
            if (args is not [var cell, _, _, _, _, _, _, _, var seconds]) throw new ArgumentException($"A row has 9 values, but got {args.Length}.");
            if (cell is not ("lstm" or "gru")) throw new ArgumentException($"The cell must be lstm or gru, but was '{cell}'.");
            int[] n = [.. args[1..^1].Select(int.Parse)];
            return new(cell, n[0], n[1], n[2], n[3], n[4], n[5], n[6], double.Parse(seconds));
        }
    }

    public static (double Milliseconds, string Version) Train(Job job)
    {
        set_num_threads(job.Threads);
        random.manual_seed(1234);
        using var network = new Network(job);
        Tensor[] inputs = [.. Enumerable.Range(0, Pool).Select(_ => randn(job.T, job.B, job.I))];
        using Tensor weights = linspace(0.2, 1.0, job.T).view(job.T, 1);
        Tensor[] targets = [.. inputs.Select(x => ((x.select(2, 0) * weights).sum(0, true).view(job.B, 1) / Math.Sqrt(job.T)).sin())];
        TorchSharp.Modules.Parameter[] parameters = [.. network.parameters()];
        using var optimizer = optim.Adam(parameters, 1e-3);
        double seconds = Timed.Median(job.Seconds, step =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = nn.functional.mse_loss(network.forward(inputs[step % Pool]), targets[step % Pool]);
            loss.backward();
            nn.utils.clip_grad_norm_(parameters, 1.0);
            optimizer.step();
        });
        return (1e3 * seconds, Version);
    }

    public static (double Microseconds, string Version) Infer(Job job)
    {
        set_num_threads(job.Threads);
        random.manual_seed(1234);
        using var network = new Network(job);
        network.eval();
        using var mode = inference_mode();
        using Tensor x = randn(job.T, job.B, job.I);
        double seconds = Timed.Median(job.Seconds, _ =>
        {
            using var scope = NewDisposeScope();
            network.forward(x);
        });
        return (1e6 * seconds, Version);
    }

    public static (double Gflops, string Version) Sgemm(int n, int threads, double seconds)
    {
        set_num_threads(threads);
        using Tensor a = randn(n, n), b = randn(n, n);
        double median = Timed.Median(seconds, _ => matmul(a, b).Dispose());
        return (2.0 * n * n * n / median / 1e9, Version);
    }

    private static string Version => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch 2.10";

    /// <summary>Recurrent layers and a dense head on the last state.</summary>
    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM? _lstm;
        private readonly TorchSharp.Modules.GRU? _gru;
        private readonly TorchSharp.Modules.Linear _head;
        private readonly Tensor _h, _c;

        public Network(Job job)
            : base("network")
        {
            bool both = job.Directions == 2;
            if (job.Cell == "lstm") _lstm = nn.LSTM(job.I, job.H, job.Layers, bidirectional: both);
            else _gru = nn.GRU(job.I, job.H, job.Layers, bidirectional: both);
            _head = nn.Linear(job.H * job.Directions, 1);
            (_h, _c) = (zeros(job.Layers * job.Directions, job.B, job.H), zeros(job.Layers * job.Directions, job.B, job.H));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor all = _lstm is not null ? _lstm.forward(x, (_h, _c)).Item1 : _gru!.forward(x, _h).Item1;
            return _head.forward(all[-1]);
        }
    }
}
