using Microsoft.ML;
using MlnetClip.Reports.Evaluation;
using MlnetClip.Reports.Page;
using MlnetClip.Reports.Training;

namespace MlnetClip.Reports;

/// <summary>The trained model that a report is about, in a transformer or a chain of them.</summary>
/// <param name="Chain">The transformers up to the model, the model being the last one.</param>
/// <param name="Training">How it was trained.</param>
/// <param name="Description">The model in words.</param>
/// <param name="Title">The heading of its report.</param>
internal sealed record ReportedModel(IReadOnlyList<ITransformer> Chain, LstmTrainingReport Training, string Description, string Title)
{
    /// <summary>The last model of MlnetClip in a transformer.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ReportedModel Of(ITransformer transformer)
    {
        ITransformer[] all = [.. Flatten(transformer)];
        int last = Array.FindLastIndex(all, step => step is LstmForecastingTransformer or LstmPredictionTransformer);
        if (last < 0)
        {
            throw new ArgumentException(
                $"model must be a trained model of MlnetClip, or a chain of transformers with one, but was {transformer.GetType().Name}.{Environment.NewLine}"
                + "Hint: pass what Fit of a trainer or of a pipeline returned.", nameof(transformer));
        }

        return all[last] switch
        {
            LstmForecastingTransformer forecaster => new ReportedModel(
                all[..(last + 1)], forecaster.Training, $"{forecaster.Model}", $"Training of a forecaster of {string.Join(", ", forecaster.TargetColumnNames)}"),
            var other when other is LstmPredictionTransformer model => new ReportedModel(all[..(last + 1)], model.Training, $"{model.Model}", "Training of a sequence model"),
            _ => throw new InvalidOperationException("Not a model."),
        };
    }

    /// <summary>The sections of the report.</summary>
    public IReadOnlyList<ReportSection> Sections(ReportOptions options) =>
    [
        .. TrainingSections.Overview(Training, Description),
        .. TrainingSections.Charts(Training),
        Evaluated(options),
        TrainingSections.Configuration(Training),
    ];

    private ReportSection Evaluated(ReportOptions options)
    {
        const string Title = "Evaluation";
        if (options.EvaluationData is not { } data)
            return new ReportSection(Title, [new MissingBlock("Predictions", "not shown, because the report was given no rows to evaluate (ReportOptions.EvaluationData).")]);
        return new ReportSection(Title, Chain[^1] is LstmForecastingTransformer forecaster
            ? ForecastBlocks.Of(forecaster, Transform(data), options)
            : SequenceBlocks.Of(Transform(data), options.LabelColumnName));
    }

    private IDataView Transform(IDataView data)
    {
        foreach (ITransformer step in Chain) data = step.Transform(data);
        return data;
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [transformer];
}
