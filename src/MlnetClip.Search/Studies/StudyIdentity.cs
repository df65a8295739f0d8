using System.Globalization;
using Microsoft.ML;

namespace MlnetClip.Search.Studies;

/// <summary>What must be equal for a study to be resumed; the budget and the number of workers may change.</summary>
internal static class StudyIdentity
{
    /// <summary>The key of the note that stores it.</summary>
    public const string Key = "identity";

    /// <summary>The identity as text, one field per line.</summary>
    /// <param name="options">The study's options.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="fit">The description of the fit of the pipeline's trainer.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data, or null.</param>
    public static string Of(ClippingStudyOptions options, int seed, FitDescription fit, IDataView train, IDataView? validation)
    {
        string rules = string.Join(", ", options.Rules);
        return string.Join('\n',
        [
            string.Create(CultureInfo.InvariantCulture, $"seed: {seed}, {options.Seeds} seeds for finalists, {options.GenerationSize} trials a generation"),
            $"search: {options.Sampler}; {options.Pruner}",
            string.Create(CultureInfo.InvariantCulture, $"space: {rules}; thresholds {ClippingStudyOptions.Text(options.Thresholds)}; learning rates {ClippingStudyOptions.Text(options.LearningRates)}; batch sizes {string.Join(", ", options.BatchSizes)}"),
            $"training data: {Describe(train)}",
            $"validation data: {(validation is null ? "none" : Describe(validation))}",
            $"values that the trainer sees: {fit.Data}",
            $"metric: {(options.Metric is null ? "the trainer's validation loss" : $"the user's, of validation values {(validation is null ? "none" : ViewHash.Of(validation))}")}",
            $"Identity: {options.Identity}",
            .. fit.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"trainer's {option.Key}: {option.Value}"),
        ]);
    }

    /// <summary>Throws when the stored study has another identity; the message has the lines that differ.</summary>
    public static void Check(string kept, string wanted, string? path)
    {
        if (kept == wanted) return;
        string[] has = kept.Split('\n'), asks = wanted.Split('\n');
        IEnumerable<string> differences = [.. has.Except(asks).Select(line => $"It has  {line}"), .. asks.Except(has).Select(line => $"This is {line}")];
        string name = path is null ? "The study" : $"The study in '{path}'";
        throw new InvalidDataException(
            $"{name} has other settings or data.{Environment.NewLine}{string.Join(Environment.NewLine, differences)}{Environment.NewLine}"
            + "Hint: use another file to start a new study, or resume this one with the same settings and data.");
    }

    private static string Describe(IDataView data)
    {
        string columns = string.Join(", ", data.Schema.Where(column => !column.IsHidden).Select(column => $"{column.Name} {column.Type}"));
        return data.GetRowCount() is { } rows ? string.Create(CultureInfo.InvariantCulture, $"{rows} rows of {columns}") : columns;
    }
}
