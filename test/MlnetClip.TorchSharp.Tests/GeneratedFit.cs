using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Training;

namespace MlnetClip.Libtorch.Tests;

/// <summary>A model, its loss and a batch, drawn from a seed: every cell, layer, head, loss and mask occurs among a few dozen of them.</summary>
internal sealed record GeneratedFit(ulong Seed, ModelSpec Model, ILoss Loss, BackpropLimits Limits, SequenceBatch Batch)
{
    public BatchShape Shape => Batch.Shape;

    /// <summary>The fit of a seed.</summary>
    public static GeneratedFit Create(ulong seed)
    {
        var random = new SeededRandom(seed);
        ILoss loss = random.NextInt32(5) switch
        {
            0 => new MseLoss(),
            1 => new HuberLoss(0.5f),
            2 => new PinballLoss(0.1f, 0.5f, 0.9f),
            3 => new CrossEntropyLoss(),
            _ => new BinaryCrossEntropyLoss(),
        };
        var pooling = (Pooling)random.NextInt32(4);
        bool embeds = random.NextInt32(3) == 0;
        int features = random.NextInt32(5) + (embeds ? 0 : 1), columns = features + (embeds ? 4 : 0);
        var layers = new List<LayerSpec>();
        for (int k = random.NextInt32(3); k >= 0; k--)
        {
            if (random.NextInt32(4) == 0 && columns > 2) layers.Add(new LayerNormalizationSpec()); // of one value or two, its derivative is rounding errors
            if (random.NextInt32(4) == 0) layers.Add(new DropoutSpec(0.3f));
            var recurrent = new RecurrentSpec(
                (RecurrentCell)random.NextInt32(4), 1 + random.NextInt32(20), Bidirectional: random.NextInt32(3) == 0, RecurrentDropout: random.NextInt32(4) == 0 ? 0.25f : 0f);
            layers.Add(recurrent);
            columns = recurrent.HiddenSize * (recurrent.Bidirectional ? 2 : 1);
        }

        if (random.NextInt32(5) == 0 && columns > 2) layers.Add(new LayerNormalizationSpec());
        var model = new ModelSpec
        {
            Features = features,
            Embeddings = embeds ? [new EmbeddingSpec(7, 3), new EmbeddingSpec(2, 1)] : [],
            Layers = layers,
            Head = new HeadSpec(pooling, loss is PinballLoss ? 3 * (1 + random.NextInt32(2)) : 2 + random.NextInt32(4)),
        };
        BackpropLimits limits = random.NextInt32(4) switch
        {
            0 => new BackpropLimits(Value: 0.001f),
            1 => new BackpropLimits(Norm: 0.002f),
            _ => default,
        };
        if (pooling == Pooling.Last && random.NextInt32(3) == 0) limits = limits with { TruncateSteps = 1 + random.NextInt32(6) };
        int T = 1 + random.NextInt32(14), B = 1 + random.NextInt32(7);
        var shape = new BatchShape(T, model.Features, loss.TargetsFor(model.Head.Outputs), pooling == Pooling.EveryStep, model.Embeddings.Count);
        return new GeneratedFit(seed, model, loss, limits, Fill(new SequenceBatch(shape, B), model, loss, random, padded: random.NextInt32(2) == 0));
    }

    private static SequenceBatch Fill(SequenceBatch batch, ModelSpec model, ILoss loss, SeededRandom random, bool padded)
    {
        foreach (ref float x in batch.Inputs) x = (2 * random.NextSingle()) - 1;
        for (int n = 0; n < batch.Ids.Length; n++) batch.Ids[n] = random.NextInt32(model.Embeddings[n % model.Embeddings.Count].Count);
        foreach (ref float target in batch.Targets)
        {
            target = loss switch
            {
                CrossEntropyLoss => random.NextInt32(model.Head.Outputs),
                BinaryCrossEntropyLoss => random.NextInt32(2),
                _ => (2 * random.NextSingle()) - 1,
            };
        }

        foreach (ref float weight in batch.Weights) weight = random.NextInt32(5) == 0 ? 0f : 0.5f + random.NextSingle();
        batch.Weights[0] = 1f;
        if (padded) foreach (ref int length in batch.Lengths) length = 1 + random.NextInt32(batch.TimeSteps);
        return batch;
    }

    public override string ToString() => $"seed {Seed}: {Model}, {Loss.Text}, {Limits}, T {Batch.TimeSteps}, B {Batch.BatchSize}{(Batch.IsFull ? "" : ", padded")}";
}
