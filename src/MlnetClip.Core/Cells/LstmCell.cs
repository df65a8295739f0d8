using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>
/// Long short-term memory, <c>nn.LSTM</c>: i, f, o = sigmoid and g = tanh of W_ih x + b_ih + W_hh h' + b_hh; c = f c' + i g; h = o tanh(c), with
/// h' and c' the states of the previous step, zero at first. For the formulas and their derivatives, see <see cref="LstmPointwise{V}"/>.
/// </summary>
internal sealed unsafe class LstmCell(KernelSet kernels) : Cell(kernels)
{
    private static readonly GateGroup[] AllGates = [new(FirstGate: 0, Gates: 4, Offset: 0)];

    public override IReadOnlyList<GateGroup> Groups => AllGates;

    public override int SumsPerUnit => 4;

    public override bool HasState => true;

    public override void Forward(float* sums, float* hBefore, float* h, float* cBefore, float* c, int rows, int padded) =>
        Kernels.LstmForward(sums, cBefore, c, h, rows * padded / Panel.UnitBlock);

    public override void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* dH, float* dC, float* carry, int rows, int padded, nint next) =>
        Kernels.LstmBackward(sums, cBefore, h, dH, dC, rows * padded / Panel.UnitBlock, next);
}
