using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.TestKit.Networks;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>What masks promise: padding never influences a result, and dropout's gradient is that of the loss under the step's masks.</summary>
[TestClass]
public sealed unsafe class MaskTests
{
    public static IEnumerable<object[]> Padded =>
        GoldenFile.Names("networks").Where(name => NetworkGolden.Load(name).HasLengths).Select(name => new object[] { name });

    public static IEnumerable<object[]> Dropped => GoldenFile.Names("dropout").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Padded))]
    public void PaddingNeverInfluencesAResult(string name)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        using ManagedBackend backend = Backend(golden);
        float[] expected = Run(backend, golden.ToEngineBatch());
        SequenceBatch batch = golden.ToEngineBatch();
        for (int row = 0; row < golden.Steps * golden.Size; row++)
        {
            if (row / golden.Size < golden.Lengths[row % golden.Size]) continue;
            int F = golden.Description.Features, C = golden.IdColumns, K = golden.TargetWidth;
            batch.Inputs.Slice(row * F, F).Fill(row % 2 == 0 ? float.NaN : float.PositiveInfinity);
            batch.Ids.Slice(row * C, C).Fill(int.MaxValue);
            if (!batch.Shape.EveryStep) continue;
            batch.Targets.Slice(row * K, K).Fill(float.NaN);
            batch.Weights.Slice(row * K, K).Fill(7f);
        }

        Near.AssertSameBits(expected, Run(backend, batch), "outputs and gradients");
    }

    [TestMethod]
    [DynamicData(nameof(Padded))]
    public void ALongerBatchAroundTheSameSequencesGivesTheSameOutputs(string name)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        using ManagedBackend backend = Backend(golden);
        float[] expected = backend.Predict(golden.ToEngineBatch());
        using ManagedBackend larger = Backend(golden, golden.Steps + 5);
        SequenceBatch batch = new(golden.ToShape() with { TimeSteps = golden.Steps + 5 }, golden.Size), short_ = golden.ToEngineBatch();
        for (int b = 0; b < golden.Size; b++)
        {
            batch.Lengths[b] = golden.Lengths[b];
            for (int t = 0; t < golden.Steps; t++)
            {
                int row = (t * golden.Size) + b, F = golden.Description.Features, C = golden.IdColumns;
                short_.Inputs.Slice(row * F, F).CopyTo(batch.Inputs[(row * F)..]);
                short_.Ids.Slice(row * C, C).CopyTo(batch.Ids[(row * C)..]);
            }
        }

        float[] actual = larger.Predict(batch);
        int O = golden.Description.Head.Outputs;
        for (int i = 0; i < expected.Length; i++)
        {
            int row = i / O;
            if (row / golden.Size < golden.Lengths[row % golden.Size]) Assert.AreEqual(expected[i], actual[i], $"output {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Dropped))]
    public void GradientsAreThoseOfTheLossUnderTheStepsMasks(string name)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        foreach (string path in new[] { nameof(KernelPath.Scalar), KernelPaths.Best.ToString() })
        {
            using ManagedBackend backend = Backend(golden, path: path);
            ReferenceNetwork reference = golden.ToReference();
            const ulong Seed = 11;
            TakeMasks(golden, reference, Seed);
            NetworkBatch batch = golden.ToBatch();
            double loss = backend.ComputeMeanGradients(golden.ToEngineBatch(), Seed);
            Near.AssertRelative(reference.Loss(batch, golden.Loss), loss, 4e-6, "loss");
            foreach (Parameter parameter in backend.Parameters.Items)
            {
                double[] expected = reference.NumericalGradient(parameter.Name, batch, golden.Loss);
                Near.AssertAll(expected, Near.Doubles(backend.Parameters.GradientsOf(parameter)), 4e-6, parameter.Name);
            }
        }
    }

    [TestMethod]
    public void RecurrentDropoutHasOneMaskASequenceAndNoneOutsideTraining()
    {
        var spec = new ModelSpec
        {
            Features = 2, Layers = [new RecurrentSpec(RecurrentCell.RnnTanh, 16, RecurrentDropout: 0.5f)], Head = new HeadSpec(Pooling.EveryStep, 1),
        };
        var shape = new BatchShape(6, 2, 1, EveryStep: true);
        using var backend = new ManagedBackend(spec, shape, 4, new MseLoss());
        backend.Initialize(1);
        var batch = new SequenceBatch(shape, 4);
        batch.Inputs.Fill(0.5f);
        float[] free = backend.Predict(batch);
        double one = backend.ComputeGradients(batch, 1).LossSum, again = backend.ComputeGradients(batch, 1).LossSum, other = backend.ComputeGradients(batch, 2).LossSum;
        Assert.AreEqual(one, again);
        Assert.AreNotEqual(one, other);
        Near.AssertSameBits(free, backend.Predict(batch), "prediction after training steps");
    }

    /// <summary>The engine's masks of a step, as the reference takes them.</summary>
    private static void TakeMasks(NetworkGolden golden, ReferenceNetwork reference, ulong seed)
    {
        int recurrent = 0, dropouts = 0, width = golden.Description.InputWidth, T = golden.Steps, B = golden.Size;
        reference.Masks.Clear();
        foreach (LayerDescription layer in golden.Description.Layers)
        {
            if (layer.Type == "recurrent")
            {
                for (int direction = 0; direction < (layer.Bidirectional ? 2 : 1) && layer.RecurrentDropout > 0; direction++)
                {
                    double[] mask = Draw(1, B, layer.Hidden, (float)layer.RecurrentDropout, seed, RecurrentLayer.RecurrentMasks + (2 * recurrent) + direction);
                    reference.Masks.Add($"recurrent{recurrent}{(direction == 0 ? "" : "_reverse")}", mask);
                }

                recurrent++;
                width = layer.Hidden * (layer.Bidirectional ? 2 : 1);
            }
            else if (layer.Type == "dropout")
            {
                reference.Masks.Add($"dropout{dropouts}", Draw(T, B, width, (float)layer.Rate, seed, dropouts));
                dropouts++;
            }
        }
    }

    private static double[] Draw(int T, int B, int width, float rate, ulong seed, int layer)
    {
        int row = Panel.PadUnits(width);
        var mask = new AlignedBuffer((long)T * B * row);
        mask.Span.Fill(1f);
        Dropout.Apply(mask.Pointer, mask.Pointer, 0, T * B, row, rate, seed, layer);
        return [.. Enumerable.Range(0, T * B * width).Select(i => (double)mask.Span[(i / width * row) + (i % width)])];
    }

    private static float[] Run(ManagedBackend backend, SequenceBatch batch)
    {
        double loss = backend.ComputeMeanGradients(batch, 0);
        return [(float)loss, .. backend.Parameters.Gradients.ToArray()];
    }

    private static ManagedBackend Backend(NetworkGolden golden, int? steps = null, string? path = null)
    {
        BatchShape shape = golden.ToShape();
        var backend = new ManagedBackend(
            golden.Description.ToModel(), shape with { TimeSteps = steps ?? shape.TimeSteps }, golden.Size, LossText.Parse(golden.Loss), threads: 2,
            Paths.Kernels(path ?? KernelPaths.Best.ToString()));
        foreach (Parameter parameter in backend.Parameters.Items) golden.Parameters[parameter.Name].CopyTo(backend.Parameters.ValuesOf(parameter));
        return backend;
    }
}
