using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Inference;

/// <summary>The plain recurrent cell with tanh or ReLU, see <see cref="Cells.RnnTanhCell"/> and <see cref="Cells.RnnReluCell"/>.</summary>
internal sealed unsafe class RnnRowCell(InferenceKernels kernels, IReadOnlyList<Parameter> parameters, float* values, bool relu)
    : RowCell(kernels, parameters, values, gates: 1)
{
    public override void Row(float* sums, float* before, float* after, float* c, bool descending)
    {
        float* scratch = stackalloc float[4 * Panel.UnitBlock];
        var step = new RowsStep
        {
            Rows = 1, Bias = sums, Units = H, HiddenWeights = Hidden, Blocks = Blocks, Padded = P, Before = before, After = after, Scratch = scratch, Descending = descending,
        };
        Kernels.RnnRows(&step, relu);
    }

    protected override void Run(RowsStep* step) => Kernels.RnnRows(step, relu);
}
