using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>The options of <see cref="LstmLabelingTrainer"/> that are worth a search; see <see cref="LstmSearchOptions"/>.</summary>
public sealed class LstmLabelingSearchOptions : LstmSequenceSearchOptions
{
    /// <summary>The class weights in text form: none, or balanced. Default: none.</summary>
    [Choice(["none", "balanced"], "none")]
    public string ClassWeights { get; set; } = "none";

    /// <summary>The trainer's options with these values, and the defaults of all others.</summary>
    /// <exception cref="ArgumentException">A text is not a legal value.</exception>
    /// <exception cref="FormatException">A text is not a legal value.</exception>
    public LstmLabelingTrainer.Options ToOptions() => ApplyToSequences(new LstmLabelingTrainer.Options { ClassWeights = Weights(ClassWeights) });
}
