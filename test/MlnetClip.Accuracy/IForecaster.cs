namespace MlnetClip.Accuracy;

/// <summary>A method of forecasting.</summary>
internal interface IForecaster
{
    /// <summary>What the table calls it.</summary>
    string Name { get; }

    /// <summary>Forecasts at every held-out row.</summary>
    /// <param name="series">The series. What is fitted is fitted to the rows before <see cref="AccuracySeries.Cut"/>; a forecast uses the rows up to its origin.</param>
    /// <param name="seed">Decides what is random.</param>
    /// <returns>[rows - cut, horizon]: the forecast of row <c>cut + i + 1 + h</c> made at row <c>cut + i</c>; NaN where there is none.</returns>
    double[,] Forecast(AccuracySeries series, int seed);
}
