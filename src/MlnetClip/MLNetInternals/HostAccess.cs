using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>What a trainer needs from its environment and is internal in Microsoft.ML.</summary>
internal static class HostAccess
{
    /// <summary>The environment of a catalog: that of its <see cref="MLContext"/>.</summary>
    public static IHostEnvironment EnvironmentOf(IInternalCatalog catalog) => catalog.Environment;

    /// <summary>The environment of the catalog of model operations.</summary>
    public static IHostEnvironment EnvironmentOf(ModelOperationsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The model operations of an environment, with its components and its log.</summary>
    public static ModelOperationsCatalog ModelsOf(IHostEnvironment environment) => new(environment);

    /// <summary>The seed of the <see cref="MLContext"/>; null if it has none. Unlike the host's generator, it does not depend on previous operations.</summary>
    public static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>The number of the GPU that the <see cref="MLContext"/> asks for; null for none.</summary>
    public static int? GpuOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    /// <summary>Whether the <see cref="MLContext"/> allows the processor where its GPU is not available.</summary>
    public static bool FallsBackToCpu(IHostEnvironment environment) => environment is IHostEnvironmentInternal { FallbackToCpu: true };

    /// <summary>Whether the context's own cancellation was called, as AutoML does to end a trial.</summary>
    public static bool IsCanceled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };
}
