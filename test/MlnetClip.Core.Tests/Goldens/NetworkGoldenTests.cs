using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.TestKit.Networks;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>
/// Networks of every cell, direction, pooling, normalization and embedding, with sequences of different lengths: outputs, loss and all gradients
/// by name against PyTorch's, on every path; and one sequence alone against the batch, bit for bit.
/// </summary>
[TestClass]
public sealed class NetworkGoldenTests
{
    public static IEnumerable<object[]> Cases => ModelGolden.Cases("networks");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchesPyTorch(string name, string path) => Compare(name, path, parts: 1);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchesPyTorchWithTheBatchInParts(string name, string path) => Compare(name, path, parts: 3);

    private static void Compare(string name, string path, int parts)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        using ManagedBackend backend = Backend(golden, path, parts);
        SequenceBatch batch = golden.ToEngineBatch();

        golden.AssertOutputs(backend.Predict(batch), 2e-6);
        Near.AssertRelative(golden.Value, backend.ComputeLoss(batch).Mean, 4e-6, "loss");
        Near.AssertRelative(golden.Value, backend.ComputeMeanGradients(batch, dropoutSeed: 0), 4e-6, "loss while training");
        foreach (Parameter parameter in backend.Parameters.Items)
            Near.AssertAll(golden.Gradients[parameter.Name], backend.Parameters.GradientsOf(parameter), 4e-6, parameter.Name);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void OneSequenceAloneGivesTheBitsOfTheBatch(string name, string path)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        using ManagedBackend backend = Backend(golden, path);
        float[] expected = backend.Predict(golden.ToEngineBatch());
        int F = golden.Description.Features, C = golden.IdColumns, O = golden.Description.Head.Outputs, B = golden.Size;
        bool everyStep = golden.OutputSteps == golden.Steps && golden.Description.Head.Pooling == "everystep";
        var predictor = new SequencePredictor(new PackedModel(golden.Description.ToModel(), backend.Parameters.Values.ToArray(), Paths.Kernels(path)));
        for (int b = 0; b < B; b++)
        {
            int T = golden.Lengths[b];
            float[] inputs = new float[T * F], outputs = new float[(everyStep ? T : 1) * O], wanted = new float[outputs.Length];
            int[] ids = new int[T * C];
            for (int t = 0; t < T; t++)
            {
                golden.Inputs.AsSpan(((t * B) + b) * F, F).CopyTo(inputs.AsSpan(t * F));
                golden.Ids.AsSpan(((t * B) + b) * C, C).CopyTo(ids.AsSpan(t * C));
                if (everyStep || t == 0) expected.AsSpan(((t * B) + b) * O, O).CopyTo(wanted.AsSpan(t * O));
            }

            predictor.Predict(inputs, ids, outputs);
            Near.AssertSameBits(wanted, outputs, $"sequence {b}");
            if (!predictor.CanStep) continue;
            var step = new float[O];
            predictor.Reset();
            for (int t = 0; t < T; t++) predictor.Step(inputs.AsSpan(t * F, F), ids.AsSpan(t * C, C), step);
            Near.AssertSameBits(wanted.AsSpan(wanted.Length - O), step, $"sequence {b} step by step");
        }
    }

    private static ManagedBackend Backend(NetworkGolden golden, string path, int parts = 1)
    {
        var backend = new ManagedBackend(
            golden.Description.ToModel(), golden.ToShape(), golden.Size, LossText.Parse(golden.Loss), threads: 2, Paths.Kernels(path), new BatchParts(parts));
        CollectionAssert.AreEqual(golden.Parameters.Keys.ToArray(), backend.Parameters.Items.Select(p => p.Name).ToArray());
        foreach (Parameter parameter in backend.Parameters.Items) golden.Parameters[parameter.Name].CopyTo(backend.Parameters.ValuesOf(parameter));
        return backend;
    }
}
