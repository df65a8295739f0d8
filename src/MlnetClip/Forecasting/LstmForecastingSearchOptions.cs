using Microsoft.ML.SearchSpace;

namespace MlnetClip;

/// <summary>The options of <see cref="LstmForecastingTrainer"/> that are worth a search; see <see cref="LstmSearchOptions"/>.</summary>
public sealed class LstmForecastingSearchOptions : LstmSearchOptions
{
    /// <summary>How the series is scaled, in text form. Default: RelativeToLast.</summary>
    [Choice(["RelativeToLast", "Standardize", "PerWindow"], "RelativeToLast")]
    public string Scaling { get; set; } = "RelativeToLast";

    /// <summary>The trainer's options with these values, and the defaults of all others; the window and the horizon are still to be set.</summary>
    /// <exception cref="ArgumentException">A text is not a legal value.</exception>
    /// <exception cref="FormatException">A text is not a legal value.</exception>
    public LstmForecastingTrainer.Options ToOptions() => Apply(new LstmForecastingTrainer.Options { Scaling = Enum.Parse<SeriesScaling>(Scaling) });
}
