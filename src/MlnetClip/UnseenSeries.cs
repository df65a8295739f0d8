namespace MlnetClip;

/// <summary>What a forecaster of several series does with a series that was not in its training data.</summary>
public enum UnseenSeries
{
    /// <summary>Forecasts it with an average scale: the geometric mean of the scales of the training series, and the mean of their means.</summary>
    Average,

    /// <summary>Its forecasts are NaN.</summary>
    Missing,

    /// <summary>Reading its forecasts throws an <see cref="InvalidDataException"/> that names it.</summary>
    Throw,
}
