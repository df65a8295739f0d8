using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>
/// The options of trainers over sequences that are worth a search, with the ranges to search, as a plain class for the search spaces of
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

    /// <summary>The cell of the recurrent layers, Lstm or Gru. Default: Lstm.</summary>
    [Choice(["Lstm", "Gru"], "Lstm")]
    public string Cell { get; set; } = "Lstm";

    /// <summary>Whether every layer reads the sequence in both directions. Default: false.</summary>
    [BooleanChoice(false)]
    public bool Bidirectional { get; set; }

    /// <summary>The share of the outputs of each recurrent layer that is set to zero in training, searched from 0 to 0.5. Default: 0.</summary>
    [Range(0f, 0.5f, 0f, false)]
    public float Dropout { get; set; }

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
        where TOptions : LstmSequenceTrainerOptions
    {
        (options.HiddenSize, options.NumberOfLayers, options.Bidirectional, options.Dropout) = (HiddenSize, NumberOfLayers, Bidirectional, Dropout);
        (options.LearningRate, options.BatchSize, options.NumberOfEpochs) = (LearningRate, BatchSize, NumberOfEpochs);
        (options.Cell, options.Clipping) = (Enum.Parse<RecurrentCell>(Cell), GradientClipping.Parse(Clipping));
        return options;
    }

    /// <summary>Reads the text form of class weights.</summary>
    private protected static ClassWeights? Weights(string text) => text == "none" ? null : ClassWeights.Parse(text);
}
