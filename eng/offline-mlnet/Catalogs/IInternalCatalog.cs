using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalog that tells those inside its environment.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

/// <summary>How an extension method of a catalog comes by the environment.</summary>
internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Contracts.CheckRef(catalog, nameof(catalog)).Environment;
}
