using System.CommandLine.Parsing;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Tasks;

/// <summary>One of several classes for each sequence.</summary>
internal sealed class MulticlassTask : SequenceTask
{
    /// <inheritdoc/>
    public override string Kind => "MulticlassClassification";

    /// <inheritdoc/>
    public override string Name => "multiclass_classification";

    /// <inheritdoc/>
    public override IEstimator<ITransformer> Pipeline(MLContext mlContext, TrainerFlags flags, CommandResult arguments, SequenceTable table, StartingWeights start, Action<LstmSequenceTrainerOptions> configure) =>
        Keys(mlContext, table, start)
            .Append(StartedSequences.From(mlContext.MulticlassClassification.Trainers.Lstm(Options(LstmMulticlassTrainer.Options.Table, flags, arguments, table, configure)), start.Sequences(this)))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(PredictedColumn));

    /// <inheritdoc/>
    public override ViewColumn Label(SequenceTable table, bool needsLabels)
    {
        CheckLabels(table, needsLabels);
        return ViewColumn.Text(table.LabelName, Array.ConvertAll(table.Labels, labels => labels[0]));
    }

    /// <inheritdoc/>
    public override SequenceScores Evaluate(MLContext mlContext, IDataView scored, SequenceTable table, int[] rows)
    {
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(scored, table.LabelName, predictedLabelColumnName: PredictedColumn);
        return new SequenceScores(
            new Dictionary<string, double> { ["accuracy"] = metrics.MicroAccuracy, ["macro_accuracy"] = metrics.MacroAccuracy, ["log_loss"] = metrics.LogLoss },
            MostFrequent(rows.Select(row => table.Labels[row][0])), "the most frequent class", HigherIsBetter: true);
    }

    /// <inheritdoc/>
    public override PredictionReader Predictions(IDataView scored)
    {
        DataViewSchema.Column predicted = scored.Schema[PredictedColumn], score = scored.Schema[ScoreColumn];
        return new PredictionReader(["prediction", .. Classes(score).Select(name => $"probability.{name}")], [predicted, score], row =>
        {
            var readLabel = row.GetGetter<ReadOnlyMemory<char>>(predicted);
            var readScores = row.GetGetter<VBuffer<float>>(score);
            ReadOnlyMemory<char> label = default;
            VBuffer<float> scores = default;
            return () =>
            {
                readLabel(ref label);
                readScores(ref scores);
                double[] values = [.. scores.DenseValues()];
                return double.IsNaN(values[0]) ? [] : [new Prediction(label.ToString(), values)];
            };
        });
    }

    /// <summary>The names of the classes, in the order of the scores.</summary>
    private static string[] Classes(DataViewSchema.Column score)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
