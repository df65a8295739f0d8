using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where transforms hang as extension methods.</summary>
public sealed class TransformsCatalog : IInternalCatalog
{
    internal TransformsCatalog(IHostEnvironment env) => Environment = env;

    private IHostEnvironment Environment { get; }

    IHostEnvironment IInternalCatalog.Environment => Environment;
}
