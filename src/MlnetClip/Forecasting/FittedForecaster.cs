using Microsoft.ML;

namespace MlnetClip.Forecasting;

/// <summary>Finds the forecaster in a model.</summary>
internal static class FittedForecaster
{
    /// <summary>The forecaster of a model, the last one where there are several; null where there is none.</summary>
    public static LstmForecastingTransformer? In(ITransformer model) => ChainSteps.Of(model).OfType<LstmForecastingTransformer>().LastOrDefault();
}
