using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>What a time step of several sequences reads and writes, between guard values.</summary>
internal sealed unsafe class RowsData(int rows, int blocks, int inputs, int vectors)
{
    private const int U = Panel.UnitBlock;

    public delegate void Kernel(RowsStep* step);

    public GuardedBuffer X { get; } = Filled(rows * inputs, 0.23);

    public GuardedBuffer Before { get; } = Filled(rows * blocks * U, 0.53);

    public GuardedBuffer After { get; } = new(rows * blocks * U, 1);

    public GuardedBuffer InputWeights { get; } = Filled(blocks * inputs * vectors * U, 0.11);

    public GuardedBuffer HiddenWeights { get; } = Filled(blocks * blocks * U * vectors * U, 0.17);

    public GuardedBuffer Bias { get; } = Filled(blocks * 4 * U, 0.29);

    private GuardedBuffer Scratch { get; } = new(6 * 4 * U, 1);

    public void Run(Kernel kernel, float* c, bool descending)
    {
        fixed (float* x = X.Span, before = Before.Span, after = After.Span, input = InputWeights.Span, hidden = HiddenWeights.Span, bias = Bias.Span, scratch = Scratch.Span)
        {
            var step = new RowsStep
            {
                Rows = rows, X = x, XRow = inputs, Inputs = inputs, InputWeights = input, Units = blocks * U, HiddenWeights = hidden, Bias = bias, Blocks = blocks,
                Padded = blocks * U, Before = before, After = after, C = c, Scratch = scratch, Descending = descending,
            };
            kernel(&step);
        }
    }

    public void Check()
    {
        foreach (GuardedBuffer buffer in new[] { X, Before, After, InputWeights, HiddenWeights, Bias, Scratch }) buffer.Check();
    }

    private static GuardedBuffer Filled(int length, double phase) =>
        new([.. Enumerable.Range(0, length).Select(i => (float)(2 * Math.Sin(phase + (i * 1.3))))], misalignment: 1);
}
