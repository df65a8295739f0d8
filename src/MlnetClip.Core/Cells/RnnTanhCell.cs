using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>The plain recurrent cell, <c>nn.RNN</c>: h = tanh(W_ih x + b_ih + W_hh h' + b_hh), with h' the hidden state of the previous step, zero at first.</summary>
internal sealed unsafe class RnnTanhCell(KernelSet kernels) : Cell(kernels)
{
    private static readonly GateGroup[] AllGates = [new(FirstGate: 0, Gates: 1, Offset: 0)];

    public override IReadOnlyList<GateGroup> Groups => AllGates;

    public override int SumsPerUnit => 1;

    public override void Forward(float* sums, float* hBefore, float* h, float* cBefore, float* c, int rows, int padded) =>
        Kernels.TanhForward(sums, h, rows * padded);

    public override void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* dH, float* dC, float* carry, int rows, int padded, nint next) =>
        Kernels.TanhBackward(sums, h, dH, rows * padded);
}
