using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>What a model over sequences predicts on rows: residuals, an ROC curve or a confusion matrix, as the task needs.</summary>
internal static class SequenceBlocks
{
    private const string ScoreKind = "ScoreColumnKind", Score = "Score";

    public static IReadOnlyList<ReportBlock> Of(IDataView scored, string label)
    {
        if (scored.Schema.GetColumnOrNull(label) is null)
        {
            throw new ArgumentOutOfRangeException(
                nameof(scored), $"ReportOptions.LabelColumnName must be a column of the evaluation data, {string.Join(", ", scored.Schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}, but was '{label}'.");
        }

        ReadOnlyMemory<char> kind = default;
        scored.Schema[Score].Annotations.GetValue(ScoreKind, ref kind);
        var mlContext = new MLContext();
        try
        {
            return kind.ToString() switch
            {
                "Regression" => Regression(mlContext, scored, label),
                "BinaryClassification" => Binary(mlContext, scored, label),
                "SequenceClassification" => Labeling(mlContext, scored, label),
                _ => Multiclass(mlContext, scored, label),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException)
        {
            return [new MissingBlock("Predictions", $"not shown. {e.Message}")];
        }
    }

    private static IReadOnlyList<ReportBlock> Regression(MLContext mlContext, IDataView scored, string label)
    {
        RegressionMetrics metrics = mlContext.Regression.Evaluate(scored, label);
        (double[] actual, double[] predicted) = RegressionChart.Read(scored, label, Score);
        return
        [
            Metrics(("MAE", Words.Number(metrics.MeanAbsoluteError)), ("RMSE", Words.Number(metrics.RootMeanSquaredError)), ("R squared", Words.Number(metrics.RSquared))),
            RegressionChart.Of(actual, predicted),
            ResidualChart.Of("residuals", "Errors", [("", [.. predicted.Zip(actual, (p, a) => p - a)])]),
        ];
    }

    private static IReadOnlyList<ReportBlock> Binary(MLContext mlContext, IDataView scored, string label)
    {
        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(scored, label);
        return
        [
            Metrics(
                ("accuracy", Words.Share(metrics.Accuracy)), ("area under the ROC curve", Words.Number(metrics.AreaUnderRocCurve)), ("F1 score", Words.Number(metrics.F1Score)),
                ("log loss", Words.Number(metrics.LogLoss))),
            RocChart.Of(scored, label, Score, metrics.AreaUnderRocCurve),
            ConfusionChart.Of(metrics.ConfusionMatrix, ["true", "false"], "rows"), // Microsoft.ML counts the positive class first
        ];
    }

    private static IReadOnlyList<ReportBlock> Multiclass(MLContext mlContext, IDataView scored, string label)
    {
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(scored, label);
        return
        [
            Metrics(("accuracy", Words.Share(metrics.MicroAccuracy)), ("mean accuracy of the classes", Words.Share(metrics.MacroAccuracy)), ("log loss", Words.Number(metrics.LogLoss))),
            ConfusionChart.Of(metrics.ConfusionMatrix, ConfusionChart.Classes(scored.Schema[label], metrics.ConfusionMatrix.NumberOfClasses), "rows"),
        ];
    }

    private static IReadOnlyList<ReportBlock> Labeling(MLContext mlContext, IDataView scored, string label)
    {
        SequenceLabelingMetrics metrics = mlContext.MulticlassClassification.EvaluateSteps(scored, label);
        return
        [
            Metrics(
                ("accuracy over time steps", Words.Share(metrics.MicroAccuracy)), ("mean accuracy of the classes", Words.Share(metrics.MacroAccuracy)),
                ("sequences that are entirely correct", Words.Share(metrics.SequenceAccuracy)), ("log loss", Words.Number(metrics.LogLoss))),
            ConfusionChart.Of(metrics.ConfusionMatrix, ConfusionChart.Classes(scored.Schema[label], metrics.ConfusionMatrix.NumberOfClasses), "time steps"),
        ];
    }

    private static TableBlock Metrics(params ReadOnlySpan<(string Name, string Value)> metrics)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach ((string name, string value) in metrics) rows.Add([name, value]);
        return new TableBlock("", [], rows);
    }
}
