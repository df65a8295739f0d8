using MlnetClip.Models;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The generated set has everything that the engines must agree on. Needs no libtorch.</summary>
[TestClass]
public sealed class GeneratedFitTests
{
    [TestMethod]
    public void EverythingOccursAtLeastTwice()
    {
        GeneratedFit[] fits = [.. ParityTests.Seeds.Select(seed => GeneratedFit.Create((ulong)seed[0]))];
        RecurrentSpec[] recurrent = [.. fits.SelectMany(fit => fit.Model.Layers.OfType<RecurrentSpec>())];

        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            foreach (bool bidirectional in new[] { false, true })
            {
                Check($"{cell}, bidirectional {bidirectional}", recurrent.Count(layer => layer.Cell == cell && layer.Bidirectional == bidirectional));
                Check($"{cell}, bidirectional {bidirectional}, padded", fits.Count(fit => !fit.Batch.IsFull && fit.Model.Layers.OfType<RecurrentSpec>().Any(layer => layer.Cell == cell && layer.Bidirectional == bidirectional)));
            }

            Check($"{cell} with recurrent dropout", recurrent.Count(layer => layer.Cell == cell && layer.RecurrentDropout > 0));
        }

        foreach (Pooling pooling in Enum.GetValues<Pooling>())
        {
            Check($"{pooling}", fits.Count(fit => fit.Model.Head.Pooling == pooling && fit.Batch.IsFull));
            Check($"{pooling}, padded", fits.Count(fit => fit.Model.Head.Pooling == pooling && !fit.Batch.IsFull));
        }

        foreach (Type loss in new[] { typeof(MseLoss), typeof(HuberLoss), typeof(PinballLoss), typeof(CrossEntropyLoss), typeof(BinaryCrossEntropyLoss) })
            Check(loss.Name, fits.Count(fit => fit.Loss.GetType() == loss));
        Check("layer normalization", fits.Count(fit => fit.Model.Layers.OfType<LayerNormalizationSpec>().Any()));
        Check("dropout", fits.Count(fit => fit.Model.Layers.OfType<DropoutSpec>().Any()));
        Check("embeddings", fits.Count(fit => fit.Model.Embeddings.Count > 0));
        Check("ids alone", fits.Count(fit => fit.Model.Features == 0));
        Check("three layers", fits.Count(fit => fit.Model.Layers.OfType<RecurrentSpec>().Count() == 3));
        Check("a limit on elements", fits.Count(fit => fit.Limits.Value is not null));
        Check("a limit on the norm", fits.Count(fit => fit.Limits.Norm is not null));
        Check("truncation", fits.Count(fit => fit.Limits.TruncateSteps < fit.Batch.TimeSteps));
        Check("truncation, padded", fits.Count(fit => fit.Limits.TruncateSteps < fit.Batch.TimeSteps && !fit.Batch.IsFull));
        Check("missing targets", fits.Count(fit => fit.Batch.Weights.Contains(0f)));

        static void Check(string what, int count) => Assert.IsGreaterThan(1, count, what);
    }
}
