using System.CommandLine.Parsing;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Tasks;

/// <summary>True or false for each sequence.</summary>
internal sealed class BinaryTask : SequenceTask
{
    /// <inheritdoc/>
    public override string Kind => "BinaryClassification";

    /// <inheritdoc/>
    public override string Name => "binary_classification";

    /// <summary>Whether labels are true and false, or 1 and 0: then classification is binary.</summary>
    public static bool Fits(SequenceTable table) => table.Labels.All(labels => labels[0].Length == 0 || Truth(labels[0]) is not null);

    /// <inheritdoc/>
    public override IEstimator<ITransformer> Pipeline(MLContext mlContext, TrainerFlags flags, CommandResult arguments, SequenceTable table, StartingWeights start, Action<LstmSequenceTrainerOptions> configure) =>
        StartedSequences.From(mlContext.BinaryClassification.Trainers.Lstm(Options(LstmBinaryTrainer.Options.Table, flags, arguments, table, configure)), start.Sequences(this));

    /// <inheritdoc/>
    public override ViewColumn Label(SequenceTable table, bool needsLabels)
    {
        CheckLabels(table, needsLabels);
        var labels = new double[table.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            string text = table.Labels[row][0];
            if (needsLabels && Truth(text) is null) throw new InputException($"{table.Places(row)}: the label must be true or false, or 1 or 0, as in training, but was '{text}'.");
            labels[row] = Truth(text) == true ? 1 : 0;
        }

        return ViewColumn.Truth(table.LabelName, labels);
    }

    /// <inheritdoc/>
    public override SequenceScores Evaluate(MLContext mlContext, IDataView scored, SequenceTable table, int[] rows)
    {
        bool[] labels = Array.ConvertAll(rows, row => Truth(table.Labels[row][0]) == true);
        double truth = labels.Average(label => label ? 1.0 : 0.0), naive = Math.Max(truth, 1 - truth);
        if (truth is 0 or 1)
        {
            throw new InputException(
                $"The evaluated rows of {table.Path} must have labels of both kinds, but all are {(truth == 1 ? "true" : "false")}: the area under the ROC curve is not defined.", "evaluate more rows.");
        }

        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(scored, table.LabelName);
        return new SequenceScores(
            new Dictionary<string, double>
            {
                ["accuracy"] = metrics.Accuracy, ["area_under_roc_curve"] = metrics.AreaUnderRocCurve, ["f1_score"] = metrics.F1Score, ["log_loss"] = metrics.LogLoss,
            }, naive, "the most frequent class", HigherIsBetter: true);
    }

    /// <inheritdoc/>
    public override PredictionReader Predictions(IDataView scored)
    {
        DataViewSchema.Column predicted = scored.Schema[PredictedColumn], probability = scored.Schema["Probability"];
        return new PredictionReader(["prediction", "probability"], [predicted, probability], row =>
        {
            var readLabel = row.GetGetter<bool>(predicted);
            var readProbability = row.GetGetter<float>(probability);
            bool label = false;
            float value = 0;
            return () =>
            {
                readLabel(ref label);
                readProbability(ref value);
                return float.IsNaN(value) ? [] : [new Prediction(label ? "true" : "false", [value])];
            };
        });
    }

    private static bool? Truth(string text) => text switch
    {
        "1" => true,
        "0" => false,
        _ => bool.TryParse(text, out bool value) ? value : null,
    };
}
