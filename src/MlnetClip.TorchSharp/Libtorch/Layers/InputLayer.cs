using MlnetClip.Parameters;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch.Layers;

/// <summary>The features of each time step with the embeddings of its ids after them, [T, B, F + sum of sizes]. Its input is not used: the pass has the features and ids.</summary>
internal sealed class InputLayer : AutogradLayer
{
    public InputLayer(IEnumerable<Parameter> tables, torch.Device device) =>
        Parameters = [.. tables.Select(table => Create(table, device, table.Rows, table.Columns))];

    protected override Tensor Compute(TorchPass pass, Tensor x)
    {
        var parts = new List<Tensor>(Parameters.Count + 1);
        if (pass.Features is { } features) parts.Add(features);
        for (int j = 0; j < Parameters.Count; j++)
        {
            Tensor ids = pass.Ids!.select(2, j).reshape(-1);
            parts.Add(Parameters[j].Value.index_select(0, ids).view(pass.TimeSteps, pass.BatchSize, -1));
        }

        return torch.cat(parts, 2);
    }
}
