using Microsoft.ML;

namespace MlnetClip.Forecasting;

/// <summary>Finds the forecaster in a model.</summary>
internal static class FittedForecaster
{
    /// <summary>The steps of a model in their order; those of chains in a chain too.</summary>
    public static IEnumerable<ITransformer> Steps(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    /// <summary>The forecaster of a model, the last one where there are several; null where there is none.</summary>
    public static LstmForecastingTransformer? In(ITransformer model) => Steps(model).OfType<LstmForecastingTransformer>().LastOrDefault();
}
