using System.Globalization;
using System.Text.Json;
using MlnetClip.Sequences;

namespace MlnetClip.Onnx;

/// <summary>The texts that an exported file carries about its model.</summary>
internal static class OnnxMetadata
{
    /// <summary>Those of a model over sequences.</summary>
    public static Dictionary<string, string> Of(LstmPredictionTransformer model)
    {
        var metadata = Common(model.Model.Task.Kind, model.Training);
        metadata["mlnetclip.columns.features"] = model.FeatureColumnName;
        metadata["mlnetclip.features_per_step"] = model.Model.FeaturesPerStep.ToString(CultureInfo.InvariantCulture);
        if (model.Model.Task is KeyedTask { Keys: { } keys }) metadata["mlnetclip.classes"] = JsonSerializer.Serialize(keys.Texts);
        metadata["mlnetclip.network"] = $"{model.Model}";
        return metadata;
    }

    /// <summary>Those of a forecaster.</summary>
    public static Dictionary<string, string> Of(LstmForecastingTransformer model)
    {
        LstmForecastingModelParameters parameters = model.Model;
        var metadata = Common("Forecasting", model.Training);
        foreach ((string role, IReadOnlyList<string> names) in new[]
        {
            ("targets", model.TargetColumnNames), ("past", model.PastCovariateColumnNames), ("future", model.FutureCovariateColumnNames), ("static", model.StaticCovariateColumnNames),
            ("time", model.TimeColumnName is { } time ? [time] : []), ("group", model.GroupColumnName is { } group ? [group] : []),
        })
        {
            if (names.Count > 0) metadata[$"mlnetclip.columns.{role}"] = JsonSerializer.Serialize(names);
        }

        metadata["mlnetclip.window"] = Text(parameters.WindowSize);
        metadata["mlnetclip.horizon"] = Text(parameters.Horizon);
        metadata["mlnetclip.scaling"] = $"{parameters.Scaling}";
        if (parameters.Quantiles.Count > 0) metadata["mlnetclip.quantiles"] = string.Join(", ", parameters.Quantiles.Select(level => level.ToString(CultureInfo.InvariantCulture)));
        if (parameters.Head.Interval is { } interval) metadata["mlnetclip.interval"] = interval.Level.ToString(CultureInfo.InvariantCulture);
        if (model.Calendar != CalendarFeatures.None) metadata["mlnetclip.calendar"] = $"{model.Calendar}";
        if (model.GroupColumnName is not null) metadata["mlnetclip.series"] = JsonSerializer.Serialize(parameters.SeriesNames);
        metadata["mlnetclip.network"] = $"{parameters}";
        return metadata;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Common(string task, LstmTrainingReport training) => new(StringComparer.Ordinal)
    {
        ["mlnetclip.task"] = task,
        ["mlnetclip.version"] = LibraryVersion.Text,
        ["mlnetclip.training"] = $"{training}",
        ["mlnetclip.clipping"] = training.Clipping,
        ["mlnetclip.clipping.summary"] = $"{training.ClippingSummary}",
        ["mlnetclip.seed"] = training.Seed.ToString(CultureInfo.InvariantCulture),
    };
}
