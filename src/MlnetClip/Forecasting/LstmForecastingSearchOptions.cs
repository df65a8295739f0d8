using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>
/// The options of <see cref="LstmForecastingTrainer"/> that are worth a search, with the ranges to search, as a plain class for the search spaces of
/// Microsoft.ML.AutoML: <c>mlContext.Auto().CreateSweepableEstimator</c> takes a factory over it, which sets columns, window and horizon.
/// </summary>
public sealed class LstmForecastingSearchOptions
{
    /// <summary>Units of each LSTM layer, searched from 8 to 256 on a logarithmic scale. Default: 32.</summary>
    [Range(8, 256, 32, true)]
    public int HiddenSize { get; set; } = 32;

    /// <summary>The number of stacked LSTM layers, searched from 1 to 3. Default: 1.</summary>
    [Range(1, 3, 1, false)]
    public int NumberOfLayers { get; set; } = 1;

    /// <summary>Learning rate, searched from 0.0001 to 0.1 on a logarithmic scale. Default: 0.002.</summary>
    [Range(1e-4f, 1e-1f, 2e-3f, true)]
    public float LearningRate { get; set; } = 2e-3f;

    /// <summary>The number of windows per training step, searched from 8 to 256 on a logarithmic scale. Default: 32.</summary>
    [Range(8, 256, 32, true)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Passes over the training windows, searched from 5 to 100 on a logarithmic scale. Default: 30.</summary>
    [Range(5, 100, 30, true)]
    public int NumberOfEpochs { get; set; } = 30;

    /// <summary>How gradients are clipped, in text form. Default: norm:1.</summary>
    [Choice(["none", "norm:0.1", "norm:0.25", "norm:1", "norm:5"], "norm:1")]
    public string Clipping { get; set; } = "norm:1";

    /// <summary>How the series is scaled, in text form. Default: RelativeToLast.</summary>
    [Choice(["RelativeToLast", "Standardize", "PerWindow"], "RelativeToLast")]
    public string Scaling { get; set; } = "RelativeToLast";

    /// <summary>The trainer's options with these values, and the defaults of all others; the window and the horizon are still to be set.</summary>
    /// <exception cref="ArgumentException">A text is not a legal value.</exception>
    /// <exception cref="FormatException">A text is not a legal value.</exception>
    public LstmForecastingTrainer.Options ToOptions() => new()
    {
        HiddenSize = HiddenSize, NumberOfLayers = NumberOfLayers, LearningRate = LearningRate, BatchSize = BatchSize, NumberOfEpochs = NumberOfEpochs,
        Clipping = GradientClipping.Parse(Clipping), Scaling = Enum.Parse<SeriesScaling>(Scaling),
    };
}
