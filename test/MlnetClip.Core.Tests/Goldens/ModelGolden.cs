using MlnetClip.Layers;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>What golden files about models have in common.</summary>
internal static class ModelGolden
{
    public static SequenceModelSpec Spec(GoldenFile golden) => new(
        golden.Integer("features"), golden.Integer("hidden"), golden.Integer("layers"), golden.Integer("outputs"),
        Cell: golden.Text("cell") == "lstm" ? CellType.Lstm : CellType.Tanh);
}
