using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers for predicting a number.</summary>
public sealed class RegressionCatalog : TrainCatalogBase
{
    internal RegressionCatalog(IHostEnvironment env) : base(env) => Trainers = new(this);

    public RegressionTrainers Trainers { get; }

    /// <summary>The trainers themselves, as extension methods.</summary>
    public sealed class RegressionTrainers : CatalogInstantiatorBase
    {
        internal RegressionTrainers(RegressionCatalog catalog) : base(catalog)
        {
        }
    }
}
