using MlnetClip.Data;
using MlnetClip.Models;

namespace MlnetClip.TestKit.Networks;

/// <summary>The engine's description and batch of a golden network.</summary>
public static class NetworkSpecs
{
    /// <summary>The model that a description stands for.</summary>
    public static ModelSpec ToModel(this NetworkDescription network) => new()
    {
        Features = network.Features,
        Embeddings = [.. network.Embeddings.Select(e => new EmbeddingSpec(e.Count, e.Size))],
        Layers = [.. network.Layers.Select(ToLayer)],
        Head = new HeadSpec(Enum.Parse<Pooling>(network.Head.Pooling, ignoreCase: true), network.Head.Outputs),
    };

    /// <summary>The sizes of the file's sequences.</summary>
    public static BatchShape ToShape(this NetworkGolden golden) => new(
        golden.Steps, golden.Description.Features, golden.TargetWidth, golden.Description.Head.Pooling == "everystep", golden.IdColumns);

    /// <summary>The file's batch.</summary>
    public static SequenceBatch ToEngineBatch(this NetworkGolden golden)
    {
        var batch = new SequenceBatch(golden.ToShape(), golden.Size);
        golden.Inputs.CopyTo(batch.Inputs);
        golden.Ids.CopyTo(batch.Ids);
        golden.Lengths.CopyTo(batch.Lengths);
        golden.Targets.CopyTo(batch.Targets);
        golden.Weights.CopyTo(batch.Weights);
        return batch;
    }

    private static LayerSpec ToLayer(LayerDescription layer) => layer.Type switch
    {
        "recurrent" => new RecurrentSpec(
            Enum.Parse<RecurrentCell>(layer.Cell!, ignoreCase: true), layer.Hidden, layer.Bidirectional, (float)layer.RecurrentDropout),
        "layernorm" => new LayerNormalizationSpec((float)layer.Epsilon),
        _ => new DropoutSpec((float)layer.Rate),
    };
}
