using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>Gated recurrent unit, see <see cref="Cells.GruCell"/>.</summary>
internal sealed unsafe class GruRowCell(InferenceKernels kernels, IReadOnlyList<Parameter> parameters, float* values) : RowCell(kernels, parameters, values, gates: 3)
{
    public override void Row(float* sums, float* before, float* after, float* c, bool descending) =>
        Kernels.GruRow(sums, before, Hidden, H, after, Blocks, descending);

    protected override void Run(RowsStep* step) => Kernels.GruRows(step);
}
