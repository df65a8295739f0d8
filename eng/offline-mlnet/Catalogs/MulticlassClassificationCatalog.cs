using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers for predicting one of several classes.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(IHostEnvironment env) : base(env) => Trainers = new(this);

    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>The trainers themselves, as extension methods.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog) : base(catalog)
        {
        }
    }
}
