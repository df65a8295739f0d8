using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>
/// The options of trainers that are worth a search, with the ranges to search, as a plain class for the search spaces of
/// Microsoft.ML.AutoML: <c>mlContext.Auto().CreateSweepableEstimator</c> takes a factory over it, which sets columns and other options that stay as they are.
/// </summary>
public abstract class LstmSearchOptions
{
    private protected LstmSearchOptions()
    {
    }

    /// <summary>Units of each recurrent layer, searched from 8 to 256 on a logarithmic scale. Default: 32.</summary>
    [Range(8, 256, 32, true)]
    public int HiddenSize { get; set; } = 32;

    /// <summary>The number of stacked recurrent layers, searched from 1 to 3. Default: 1.</summary>
    [Range(1, 3, 1, false)]
    public int NumberOfLayers { get; set; } = 1;

    /// <summary>Learning rate, searched from 0.0001 to 0.1 on a logarithmic scale. Default: 0.002.</summary>
    [Range(1e-4f, 1e-1f, 2e-3f, true)]
    public float LearningRate { get; set; } = 2e-3f;

    /// <summary>The number of sequences per training step, searched from 8 to 256 on a logarithmic scale. Default: 32.</summary>
    [Range(8, 256, 32, true)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Passes over the training sequences, searched from 5 to 100 on a logarithmic scale. Default: 30.</summary>
    [Range(5, 100, 30, true)]
    public int NumberOfEpochs { get; set; } = 30;

    /// <summary>How gradients are clipped, in text form. Default: norm:1.</summary>
    [Choice(["none", "norm:0.1", "norm:0.25", "norm:1", "norm:5"], "norm:1")]
    public string Clipping { get; set; } = "norm:1";

    /// <summary>Sets the options of a trainer.</summary>
    private protected TOptions Apply<TOptions>(TOptions options)
        where TOptions : LstmTrainerOptions
    {
        (options.HiddenSize, options.NumberOfLayers, options.Clipping) = (HiddenSize, NumberOfLayers, GradientClipping.Parse(Clipping));
        (options.LearningRate, options.BatchSize, options.NumberOfEpochs) = (LearningRate, BatchSize, NumberOfEpochs);
        return options;
    }
}
