using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>The plain recurrent cell with ReLU, <c>nn.RNN(nonlinearity="relu")</c>: h = max(0, W_ih x + b_ih + W_hh h' + b_hh).</summary>
internal sealed unsafe class RnnReluCell(KernelSet kernels) : Cell(kernels)
{
    private static readonly GateGroup[] AllGates = [new(FirstGate: 0, Gates: 1, Offset: 0)];

    public override IReadOnlyList<GateGroup> Groups => AllGates;

    public override int SumsPerUnit => 1;

    public override void Forward(float* sums, float* hBefore, float* h, float* cBefore, float* c, int rows, int padded) =>
        Kernels.ReluForward(sums, h, rows * padded);

    public override void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* dH, float* dC, float* carry, int rows, int padded, nint next) =>
        Kernels.ReluBackward(sums, h, dH, rows * padded);
}
