using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>The options of trainers over sequences that are worth a search; see <see cref="LstmSearchOptions"/>.</summary>
public abstract class LstmSequenceSearchOptions : LstmSearchOptions
{
    private protected LstmSequenceSearchOptions()
    {
    }

    /// <summary>The cell of the recurrent layers, Lstm or Gru. Default: Lstm.</summary>
    [Choice(["Lstm", "Gru"], "Lstm")]
    public string Cell { get; set; } = "Lstm";

    /// <summary>Whether every layer reads the sequence in both directions. Default: false.</summary>
    [BooleanChoice(false)]
    public bool Bidirectional { get; set; }

    /// <summary>The share of the outputs of each recurrent layer that is set to zero in training, searched from 0 to 0.5. Default: 0.</summary>
    [Range(0f, 0.5f, 0f, false)]
    public float Dropout { get; set; }

    /// <summary>Sets the options of a trainer over sequences.</summary>
    private protected TOptions ApplyToSequences<TOptions>(TOptions options)
        where TOptions : LstmSequenceTrainerOptions
    {
        (options.Cell, options.Bidirectional, options.Dropout) = (Enum.Parse<RecurrentCell>(Cell), Bidirectional, Dropout);
        return Apply(options);
    }

    /// <summary>Reads the text form of class weights.</summary>
    private protected static ClassWeights? Weights(string text) => text == "none" ? null : ClassWeights.Parse(text);
}
