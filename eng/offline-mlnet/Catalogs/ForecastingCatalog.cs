using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers for forecasting a series.</summary>
public sealed class ForecastingCatalog : TrainCatalogBase
{
    internal ForecastingCatalog(IHostEnvironment env) : base(env) => Trainers = new(this);

    public Forecasters Trainers { get; }

    /// <summary>The trainers themselves, as extension methods.</summary>
    public sealed class Forecasters : CatalogInstantiatorBase
    {
        internal Forecasters(ForecastingCatalog catalog) : base(catalog)
        {
        }
    }
}
