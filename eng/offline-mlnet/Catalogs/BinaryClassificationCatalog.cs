using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers for predicting one of two classes.</summary>
public sealed class BinaryClassificationCatalog : TrainCatalogBase
{
    internal BinaryClassificationCatalog(IHostEnvironment env) : base(env) => Trainers = new(this);

    public BinaryClassificationTrainers Trainers { get; }

    /// <summary>The trainers themselves, as extension methods.</summary>
    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers(BinaryClassificationCatalog catalog) : base(catalog)
        {
        }
    }
}
