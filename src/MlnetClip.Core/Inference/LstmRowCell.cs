using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>Long short-term memory, see <see cref="Cells.LstmCell"/>.</summary>
internal sealed unsafe class LstmRowCell(InferenceKernels kernels, IReadOnlyList<Parameter> parameters, float* values) : RowCell(kernels, parameters, values, gates: 4)
{
    public override bool HasState => true;

    public override void Row(float* sums, float* before, float* after, float* c, bool descending) =>
        Kernels.LstmRow(sums, before, Hidden, H, c, after, Blocks, descending);

    protected override void Run(RowsStep* step) => Kernels.LstmRows(step);
}
