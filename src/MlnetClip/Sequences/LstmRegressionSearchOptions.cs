using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>The options of <see cref="LstmRegressionTrainer"/> that are worth a search; see <see cref="LstmSearchOptions"/>.</summary>
public sealed class LstmRegressionSearchOptions : LstmSequenceSearchOptions
{
    /// <summary>How the head pools the time steps: Last, Mean or Max. Default: Last.</summary>
    [Choice(["Last", "Mean", "Max"], "Last")]
    public string Pooling { get; set; } = "Last";

    /// <summary>The trainer's options with these values, and the defaults of all others.</summary>
    /// <exception cref="ArgumentException">A text is not a legal value.</exception>
    /// <exception cref="FormatException">A text is not a legal value.</exception>
    public LstmRegressionTrainer.Options ToOptions() => ApplyToSequences(new LstmRegressionTrainer.Options { Pooling = Enum.Parse<Pooling>(Pooling) });
}
