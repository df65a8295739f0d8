using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The training loop on both engines.</summary>
[TestClass]
public sealed class TrainingParityTests : LibtorchTest
{
    private const int Steps = 50;

    public static IEnumerable<object[]> Layers =>
    [
        .. from cell in Enum.GetValues<RecurrentCell>() from bidirectional in new[] { false, true } select new object[] { new RecurrentSpec(cell, 12, bidirectional) },
        [new RecurrentSpec(RecurrentCell.Lstm, 33, RecurrentDropout: 0.2f)],
    ];

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void FiftyClippedStepsOfSgdEndAtTheSameWeights(RecurrentSpec layer)
    {
        ArraySource data = ArraySource.Learnable(count: 40, timeSteps: 9, features: 3, outputs: 2, seed: 5);
        ModelSpec model = ModelSpec.Stack(3, layer, 2, new HeadSpec(Pooling.Last, 2), dropout: 0.1f);

        (ParameterSet expected, TrainingResult managed) = Train(TrainingBackend.Managed, model, data);
        (ParameterSet actual, TrainingResult torch) = Train(TorchSharpBackend.Default, model, data);

        Assert.AreEqual(Steps, torch.Steps);
        Assert.IsGreaterThan(0.5, torch.Clipping.ShareClipped, "The steps should be clipped.");
        foreach (Parameter parameter in expected.Items)
            Near.AssertAll(expected.ValuesOf(parameter), actual.ValuesOf(parameter), 1e-4, $"{parameter} of {model}");
        Near.AssertRelative(managed.FinalTrainLoss, torch.FinalTrainLoss, 1e-4, "loss");
    }

    private static (ParameterSet Parameters, TrainingResult Result) Train(TrainingBackend engine, ModelSpec model, ArraySource data)
    {
        var options = new TrainingOptions
        {
            Epochs = 10, BatchSize = 8, LearningRate = 0.5f, Optimizer = Optimizer.Sgd(), Clipping = GradientClipping.ByGlobalNorm(0.05f), Seed = 3,
        };
        using IBackend backend = engine.Create(new BackendRequest { Model = model, Shape = data.Shape, BatchSize = 8, Loss = new MseLoss(), Seed = 1 });
        TrainingResult result = new TrainingLoop(backend, options, data, data).Run();
        return (backend.Parameters, result);
    }
}
