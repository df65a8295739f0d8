using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>One plain recurrent layer: h = tanh(W_ih x + b_ih + W_hh h' + b_hh), with h' of the step before, zero at first.</summary>
internal sealed unsafe class TanhLayer(KernelSet kernels, IReadOnlyList<Parameter> parameters, int maxTimeSteps, int maxBatchSize)
    : RecurrentLayer(kernels, 1, parameters, maxTimeSteps, maxBatchSize)
{
    /// <inheritdoc/>
    public override void Forward(float* x, nint xRow, int T, int B, int first, int end)
    {
        int rows = end - first;
        ClearFirstState(first, end);
        for (int t = 0; t < T; t++)
        {
            int row = t * B + first;
            Sums(x, xRow, t, row, rows);
            Kernels.TanhForward(Z(row), HBefore(row + B), rows * P);
        }
    }

    /// <inheritdoc/>
    public override void Backward(float* dX, nint dXRow, bool lastStepOnly, int T, int B, int first, int end)
    {
        int rows = end - first;
        int start = FirstStep(dX, dXRow, T, B, first, rows);
        for (int t = T - 1; t >= start; t--)
        {
            int row = t * B + first;
            float* dH = HiddenGradient(t, T, B, first, rows, lastStepOnly, null);
            Kernels.TanhBackward(Z(row), HBefore(row + B), dH, rows * P);
            InputGradient(dX, dXRow, row, rows);
        }
    }
}
