using System.Globalization;
using System.Text.Json.Nodes;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>The options of the command that trained a model, as a file for <c>--config</c>.</summary>
internal static class ModelConfig
{
    /// <summary>The options: the columns and the split where the tool stored them, and every option of the trainer that has a flag.</summary>
    public static JsonObject Of(InspectedModel model)
    {
        var config = new JsonObject();
        IReadOnlyDictionary<string, string> options = model.Training.Options;
        if (model.Forecaster is { } forecaster)
        {
            AddColumns(config, forecaster, model.Metadata, options);
            AddOptions(config, LstmForecastingTrainer.Options.Table, options);
        }
        else
        {
            if (model.Metadata?.Sequences is { } sequences)
            {
                config["label"] = Names(sequences.Labels);
                config["features"] = Names(sequences.Features);
                if (sequences.Steps is { } steps) config["sequence"] = steps.Sequence;
                if (sequences.Steps?.Time is { } time) config["time"] = time;
                if (sequences.Weight is not null) config["weight"] = sequences.Weight;
            }

            AddOptions(config, LstmRegressionTrainer.Options.Table, options);
            AddOptions(config, LstmMulticlassTrainer.Options.Table, options);
        }

        config["seed"] = model.Training.Seed;
        if (model.Metadata is not { } metadata) return config;
        config["holdout"] = metadata.Holdout;
        foreach (var (name, value) in new[] { ("time-format", metadata.TimeFormat), ("time-zone", metadata.TimeZone), ("encoding", metadata.Encoding), ("delimiter", metadata.Delimiter == '\t' ? "tab" : $"{metadata.Delimiter}"), ("start-from", metadata.StartFrom), ("initial-weights", metadata.InitialWeights) })
            if (!string.IsNullOrEmpty(value)) config[name] = value;
        if (metadata.DecimalComma) config["decimal-comma"] = true;
        if (metadata.NoHeader) config["no-header"] = true;
        if (metadata.Rename is { Count: > 0 } renamed) config["rename"] = Names(renamed);
        if (metadata.NewHead) config["new-head"] = true;
        return config;
    }

    private static void AddColumns(JsonObject config, SavedForecaster forecaster, ModelMetadata? metadata, IReadOnlyDictionary<string, string> options)
    {
        config["target"] = Names(metadata?.Columns.Targets ?? forecaster.TargetColumnNames);
        foreach (var (name, columns) in new[]
        {
            ("past", metadata?.Columns.Past ?? forecaster.PastCovariateColumnNames), ("future", metadata?.Columns.Future ?? forecaster.FutureCovariateColumnNames),
            ("static", metadata?.Columns.Static ?? forecaster.StaticCovariateColumnNames),
        })
        {
            if (columns.Count > 0) config[name] = Names(columns);
        }

        if ((metadata?.Group ?? forecaster.GroupColumnName) is { } group) config["group"] = group;
        if ((metadata?.Time ?? forecaster.TimeColumnName) is { } time) config["time"] = time;
        if (forecaster.TimeColumnName is not null) config["calendar"] = options.GetValueOrDefault("Calendar", "none") is var calendar && calendar == "none" ? "auto" : calendar.Replace(" ", "", StringComparison.Ordinal);
        if (forecaster.OutputColumnNames.Any(name => name.Split('.')[0] is Models.ForecastColumns.Lower or Models.ForecastColumns.Upper)) config["interval"] = Value(options["ConfidenceLevel"]);
        if (options.GetValueOrDefault("SeasonLength", "none") is var season && season != "none") config["season"] = Value(season);
        else if (metadata is { Season: > 1 }) config["season"] = metadata.Season;
    }

    private static void AddOptions<TOptions>(JsonObject config, IReadOnlyList<TrainerOption<TOptions>> table, IReadOnlyDictionary<string, string> options)
    {
        foreach (TrainerOption<TOptions> option in table)
        {
            if (option.Flag is null || !options.TryGetValue(option.Name, out string? text)) continue;
            if (text == "none" && option.DefaultText is null) continue; // not set
            config[option.Flag[2..]] = option.IsSwitch ? bool.Parse(text) : option.Range is null ? text : Value(text);
        }
    }

    private static JsonNode Names(IReadOnlyList<string> names) => names.Count == 1 && !names[0].AsSpan().ContainsAny(',', '"') ? names[0] : new JsonArray([.. names.Select(name => (JsonNode)name)]);

    private static JsonNode Value(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : text;
}
