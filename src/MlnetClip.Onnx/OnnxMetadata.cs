using System.Globalization;

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
        metadata["mlnetclip.network"] = $"{model.Model}";
        return metadata;
    }

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
