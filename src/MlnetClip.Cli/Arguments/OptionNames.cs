using System.Text.RegularExpressions;

namespace MlnetClip.Cli.Arguments;

/// <summary>Replaces the library's names of options in messages by their names on the command line.</summary>
internal static partial class OptionNames
{
    private static readonly Dictionary<string, string> Flags = FlagsOf(LstmForecastingTrainer.Options.Table)
        .Concat(FlagsOf(LstmMulticlassTrainer.Options.Table))
        .Append((nameof(LstmSequenceTrainerOptions.LabelColumnName), "--label"))
        .Append((nameof(LstmSequenceTrainerOptions.FeatureColumnName), "--features"))
        .Append((nameof(LstmSequenceTrainerOptions.ExampleWeightColumnName), "--weight"))
        .Append((nameof(LstmForecastingTrainer.Options.CheckpointPath), "--checkpoint"))
        .Append((nameof(LstmForecastingTrainer.Options.EarlyStopping), "--patience"))
        .Append((nameof(LstmForecastingTrainer.Options.InitialWeights), "--initial-weights"))
        .Append((nameof(LstmForecastingTrainer.Options.SeasonLength), "--season"))
        .Append((nameof(LstmForecastingTrainer.Options.TargetColumnNames), "--target"))
        .Append((nameof(LstmForecastingTrainer.Options.PastCovariateColumnNames), "--past"))
        .Append((nameof(LstmForecastingTrainer.Options.FutureCovariateColumnNames), "--future"))
        .Append((nameof(LstmForecastingTrainer.Options.StaticCovariateColumnNames), "--static"))
        .Append((nameof(LstmForecastingTrainer.Options.TimeColumnName), "--time"))
        .Append((nameof(LstmForecastingTrainer.Options.GroupColumnName), "--group"))
        .Append((nameof(LstmForecastingTrainer.Options.ConfidenceLevel), "--interval"))
        .Append((nameof(LstmForecastingTrainer.Options.Calendar), "--calendar"))
        .DistinctBy(option => option.Item1)
        .ToDictionary(option => option.Item1, option => option.Item2);

    /// <summary>The message with <c>--window</c> in place of <c>WindowSize</c>, and so on.</summary>
    public static string InWordsOfTheTool(string message) =>
        Fields().Replace(
            Names().Replace(message, match => Flags.TryGetValue(match.Groups[1].Value, out string? flag) ? flag : match.Value),
            match => $"{match.Groups[1].Value}--{match.Groups[2].Value.ToLowerInvariant()}:");

    private static IEnumerable<(string, string)> FlagsOf<TOptions>(IReadOnlyList<TrainerOption<TOptions>> table) =>
        table.Where(option => option.Flag is not null).Select(option => (option.Name, option.Flag!));

    [GeneratedRegex(@"\b(?:Lstm[A-Za-z]+Trainer\.Options\.)?([A-Z][A-Za-z]+)\b")]
    private static partial Regex Names();

    /// <summary>What a checkpoint names as a whole word at the beginning of a line.</summary>
    [GeneratedRegex(@"^(\s+)(Epochs|Seed):", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
