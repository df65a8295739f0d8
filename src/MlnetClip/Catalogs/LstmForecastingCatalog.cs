using MlnetClip;
using MlnetClip.MLNetInternals;

namespace Microsoft.ML;

/// <summary>Forecasting with LSTM networks, on <see cref="MLContext.Forecasting"/>.</summary>
public static class LstmForecastingCatalog
{
    /// <summary>Creates a trainer that forecasts a series with an LSTM network, with gradient clipping.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="outputColumnName">The column to create: a vector of <paramref name="horizon"/> values of the series' type, the forecast of the next rows.</param>
    /// <param name="inputColumnName">
    /// The series, a column of type Single or Double whose rows are in time order; NaN marks a missing value.
    /// If set to <see langword="null"/>, the value of <paramref name="outputColumnName"/> is used.
    /// </param>
    /// <param name="windowSize">The number of rows that the network reads for one forecast, 2 or more; two seasons are a good start.</param>
    /// <param name="horizon">The number of rows to forecast, 1 or more. All are forecast at once, by a direct head.</param>
    /// <param name="clipping">
    /// How gradients are clipped; null for the default, <c>GradientClipping.ByGlobalNorm(1)</c>. <see cref="GradientClipping.None"/> switches clipping off.
    /// </param>
    /// <param name="hiddenSize">Units of the LSTM layer, 1 or more.</param>
    /// <param name="numberOfEpochs">Passes over the training windows, 1 or more.</param>
    /// <param name="learningRate">Adam's learning rate, above 0 and at most 1000.</param>
    /// <exception cref="ArgumentException">A value is outside its range; all errors are reported together.</exception>
    public static LstmForecastingTrainer ForecastByLstm(
        this ForecastingCatalog catalog, string outputColumnName, string? inputColumnName, int windowSize, int horizon,
        GradientClipping? clipping = null, int hiddenSize = LstmTrainerOptions.Defaults.HiddenSize,
        int numberOfEpochs = LstmTrainerOptions.Defaults.NumberOfEpochs, float learningRate = LstmTrainerOptions.Defaults.LearningRate) =>
        catalog.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            WindowSize = windowSize,
            Horizon = horizon,
            Clipping = clipping ?? LstmTrainerOptions.Defaults.Clipping,
            HiddenSize = hiddenSize,
            NumberOfEpochs = numberOfEpochs,
            LearningRate = learningRate,
        });

    /// <summary>Creates a trainer that forecasts a series with an LSTM network, with all options.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="options">The options; copied, so that later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is outside its range; all errors are reported together.</exception>
    public static LstmForecastingTrainer ForecastByLstm(this ForecastingCatalog catalog, LstmForecastingTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        MicrosoftMLVersion.Check();
        return new LstmForecastingTrainer(HostAccess.EnvironmentOf(catalog), options);
    }
}
