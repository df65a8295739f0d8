using System.Globalization;
using MlnetClip.Search.Planning;

namespace MlnetClip.Cli.Output;

/// <summary>The settings of a search in words: the clipping, and the learning rate and batch size where they are searched.</summary>
/// <param name="space">What is searched.</param>
/// <param name="learningRate">The learning rate of the fits without clipping, which search nothing.</param>
/// <param name="batchSize">Their batch size.</param>
internal sealed class SearchedSettings(ClippingSpace space, float? learningRate, int batchSize)
{
    /// <summary>What is searched.</summary>
    public ClippingSpace Space => space;

    /// <summary>Whether more than the clipping is searched.</summary>
    public bool SearchesMore => Columns.Length > 1;

    /// <summary>The advice if training is unstable.</summary>
    public string SmallerRate => SearchesRates ? "smaller --learning-rates" : "a smaller --learning-rate";

    /// <summary>The columns of a setting.</summary>
    public string[] Columns => Searched("clipping", "rate", "batch");

    /// <summary>The cells of <see cref="Columns"/> for a point.</summary>
    public string[] Cells(SearchPoint point)
    {
        TrialSettings settings = At(point);
        return Searched($"{settings.Clipping}", Text(settings.LearningRate), $"{settings.BatchSize}");
    }

    /// <summary>The setting at a point, as it is typed after <c>--clip</c>: <c>norm:0.3 --learning-rate 0.0021 --batch 32</c>.</summary>
    public string Typed(SearchPoint point) => Typed(At(point));

    /// <inheritdoc cref="Typed(SearchPoint)"/>
    public string Typed(TrialSettings settings)
    {
        TrialSettings whole = Complete(settings);
        return string.Join(' ', Searched($"{whole.Clipping}", $"--learning-rate {Text(whole.LearningRate)}", $"--batch {whole.BatchSize}"));
    }

    /// <summary>Fills in the values of a fit without clipping; what is not searched stays null.</summary>
    public TrialSettings Complete(TrialSettings settings) => settings with
    {
        LearningRate = SearchesRates ? settings.LearningRate ?? learningRate : null,
        BatchSize = SearchesBatches ? settings.BatchSize ?? batchSize : null,
    };

    private bool SearchesRates => space.LearningRates is not null;

    private bool SearchesBatches => space.BatchSizes.Count > 0;

    private TrialSettings At(SearchPoint point) => Complete(space.SettingsAt(point));

    private string[] Searched(string clipping, string rate, string batch) =>
        [clipping, .. SearchesRates ? [rate] : Array.Empty<string>(), .. SearchesBatches ? [batch] : Array.Empty<string>()];

    // All digits, so that the typed command trains the same model.
    private static string Text(float? rate) => rate?.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal) ?? "";
}
