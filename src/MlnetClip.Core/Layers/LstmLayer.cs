using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>
/// One LSTM layer, PyTorch's equations: i, f, o = sigmoid and g = tanh of W_ih x + b_ih + W_hh h' + b_hh;
/// c = f c' + i g; h = o tanh(c), with h' and c' the states of the step before, zero at first.
/// </summary>
internal sealed unsafe class LstmLayer : RecurrentLayer
{
    private readonly AlignedBuffer _c, _dC;

    public LstmLayer(KernelSet kernels, IReadOnlyList<Parameter> parameters, int maxTimeSteps, int maxBatchSize)
        : base(kernels, 4, parameters, maxTimeSteps, maxBatchSize)
    {
        _c = new AlignedBuffer((long)(maxTimeSteps + 1) * maxBatchSize * P);
        _dC = new AlignedBuffer((long)maxBatchSize * P);
    }

    /// <inheritdoc/>
    public override void Forward(float* x, nint xRow, int T, int B, int first, int end)
    {
        int rows = end - first;
        ClearFirstState(first, end);
        new Span<float>(CBefore(first), rows * P).Clear();
        for (int t = 0; t < T; t++)
        {
            int row = t * B + first;
            Sums(x, xRow, t, row, rows);
            Kernels.LstmForward(Z(row), CBefore(row), CBefore(row + B), HBefore(row + B), rows * P / Panel.UnitBlock);
        }
    }

    /// <inheritdoc/>
    public override void Backward(float* dX, nint dXRow, bool lastStepOnly, int T, int B, int first, int end)
    {
        int rows = end - first;
        float* dC = _dC.Pointer + (nint)first * P;
        new Span<float>(dC, rows * P).Clear();
        int start = FirstStep(dX, dXRow, T, B, first, rows);
        for (int t = T - 1; t >= start; t--)
        {
            int row = t * B + first;
            float* dH = HiddenGradient(t, T, B, first, rows, lastStepOnly, dC);
            Kernels.LstmBackward(Z(row), CBefore(row), CBefore(row + B), dH, dC, rows * P / Panel.UnitBlock, -(nint)B * P);
            InputGradient(dX, dXRow, row, rows);
        }
    }

    /// <summary>The cell before a row's time step: that of the row B places earlier.</summary>
    private float* CBefore(int row) => _c.Pointer + (nint)row * P;
}
