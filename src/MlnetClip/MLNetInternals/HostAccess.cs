using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>What a trainer needs of its environment and Microsoft.ML keeps internal.</summary>
internal static class HostAccess
{
    /// <summary>The environment behind a catalog: the <see cref="MLContext"/>'s.</summary>
    public static IHostEnvironment EnvironmentOf(IInternalCatalog catalog) => catalog.Environment;

    /// <summary>The seed given to <see cref="MLContext"/>; null where none was. Unlike the host's generator it does not depend on what ran before.</summary>
    public static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>Whether somebody called the context's own cancellation, as AutoML does to end a trial.</summary>
    public static bool IsCanceled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };
}
