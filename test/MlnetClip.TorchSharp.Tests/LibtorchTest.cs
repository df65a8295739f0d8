using MlnetClip.Training;

namespace MlnetClip.Libtorch.Tests;

/// <summary>A test that needs libtorch: it is skipped, with the reason, where libtorch cannot be loaded.</summary>
public abstract class LibtorchTest
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        try
        {
            TorchSharpBackend.LoadLibtorch();
            return null;
        }
        catch (DllNotFoundException e)
        {
            return e.Message;
        }
    });

    [TestInitialize]
    public void SkipWithoutLibtorch()
    {
        if (Problem.Value is { } problem) Assert.Inconclusive(problem);
    }

    /// <summary>Both engines for the same fit, with the same initial values.</summary>
    internal static (ManagedBackend Managed, IBackend Torch) Both(GeneratedFit fit)
    {
        var request = new BackendRequest { Model = fit.Model, Shape = fit.Shape, BatchSize = fit.Batch.BatchSize, Loss = fit.Loss, Seed = fit.Seed };
        return ((ManagedBackend)TrainingBackend.Managed.Create(request), TorchSharpBackend.Default.Create(request));
    }
}
