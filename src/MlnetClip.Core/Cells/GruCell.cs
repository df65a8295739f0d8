using MlnetClip.Kernels;

namespace MlnetClip.Cells;

/// <summary>
/// Gated recurrent unit, <c>nn.GRU</c>: r, z = sigmoid of W_ih x + b_ih + W_hh h' + b_hh; n = tanh(W_in x + b_in + r (W_hn h' + b_hn));
/// h = (1 - z) n + z h'. The two parts of n are kept apart, because r multiplies only one of them. For the formulas and their derivatives, see
/// <see cref="GruPointwise{V}"/>.
/// </summary>
internal sealed unsafe class GruCell(KernelSet kernels) : Cell(kernels)
{
    private static readonly GateGroup[] AllGates =
    [
        new(FirstGate: 0, Gates: 2, Offset: 0),
        new(FirstGate: 2, Gates: 1, Offset: 2, HasHidden: false),
        new(FirstGate: 2, Gates: 1, Offset: 3, HasInput: false),
    ];

    public override IReadOnlyList<GateGroup> Groups => AllGates;

    public override int SumsPerUnit => 4;

    public override bool HasCarry => true;

    public override void Forward(float* sums, float* hBefore, float* h, float* cBefore, float* c, int rows, int padded) =>
        Kernels.GruForward(sums, hBefore, h, rows, padded);

    public override void Backward(
        float* sums, float* hBefore, float* h, float* cBefore, float* dH, float* dC, float* carry, int rows, int padded, nint next) =>
        Kernels.GruBackward(sums, hBefore, dH, carry, rows, padded);
}
