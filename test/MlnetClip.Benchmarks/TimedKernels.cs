using System.Diagnostics;
using MlnetClip.Kernels;

namespace MlnetClip.Benchmarks;

/// <summary>Kernels that add up the time spent in matrix products, over all threads.</summary>
internal sealed unsafe class TimedKernels(KernelSet kernels) : KernelSet
{
    private long _matrixTicks;

    public override InferenceKernels Inference => kernels.Inference;

    /// <summary>Seconds that threads spent in matrix products since the last call.</summary>
    public double TakeMatrixSeconds() => Interlocked.Exchange(ref _matrixTicks, 0) / (double)Stopwatch.Frequency;

    public override int PanelWidth => kernels.PanelWidth;

    public override void Multiply(Product* terms, int count, int rows, int columns, float* initial, nint initialRow, float* c, nint cRow)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.Multiply(terms, count, rows, columns, initial, initialRow, c, cRow);
        Interlocked.Add(ref _matrixTicks, Stopwatch.GetTimestamp() - start);
    }

    public override void ReluForward(float* z, float* h, int length) => kernels.ReluForward(z, h, length);

    public override void ReluBackward(float* dZ, float* h, float* dH, int length) => kernels.ReluBackward(dZ, h, dH, length);

    public override void GruForward(float* sums, float* hPrevious, float* h, int rows, int padded) =>
        kernels.GruForward(sums, hPrevious, h, rows, padded);

    public override void GruBackward(float* sums, float* hPrevious, float* dH, float* carry, int rows, int padded) =>
        kernels.GruBackward(sums, hPrevious, dH, carry, rows, padded);

    public override void LayerNormForward(
        float* x, nint xRow, float* y, float* statistics, float* parameters, int rows, int columns, int padded, float epsilon) =>
        kernels.LayerNormForward(x, xRow, y, statistics, parameters, rows, columns, padded, epsilon);

    public override void LayerNormBackward(
        float* x, nint xRow, float* dY, float* dX, nint dXRow, float* statistics, float* parameters, int rows, int columns, int padded) =>
        kernels.LayerNormBackward(x, xRow, dY, dX, dXRow, statistics, parameters, rows, columns, padded);

    public override void LayerNormGradients(float* x, nint xRow, float* dY, nint dYRow, float* statistics, int rows, float* sums) =>
        kernels.LayerNormGradients(x, xRow, dY, dYRow, statistics, rows, sums);

    public override void WeightGradient(
        float* dZ, nint dZRow, int rows, int gates, int units, GradientTerm* terms, int count, float* sums, float* scratch)
    {
        long start = Stopwatch.GetTimestamp();
        kernels.WeightGradient(dZ, dZRow, rows, gates, units, terms, count, sums, scratch);
        Interlocked.Add(ref _matrixTicks, Stopwatch.GetTimestamp() - start);
    }

    public override void LstmForward(float* gates, float* cPrevious, float* c, float* h, int blocks) =>
        kernels.LstmForward(gates, cPrevious, c, h, blocks);

    public override void LstmBackward(float* gates, float* cPrevious, float* h, float* dH, float* dC, int blocks, nint next) =>
        kernels.LstmBackward(gates, cPrevious, h, dH, dC, blocks, next);

    public override void TanhForward(float* z, float* h, int length) => kernels.TanhForward(z, h, length);

    public override void TanhBackward(float* dZ, float* h, float* dH, int length) => kernels.TanhBackward(dZ, h, dH, length);
}
