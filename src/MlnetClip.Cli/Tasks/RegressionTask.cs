using System.CommandLine.Parsing;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Tasks;

/// <summary>A number for each sequence.</summary>
internal sealed class RegressionTask : SequenceTask
{
    /// <inheritdoc/>
    public override string Kind => "Regression";

    /// <inheritdoc/>
    public override string Name => "regression";

    /// <inheritdoc/>
    public override IEstimator<ITransformer> Pipeline(MLContext mlContext, TrainerFlags flags, CommandResult arguments, SequenceTable table, StartingWeights start, Action<LstmSequenceTrainerOptions> configure) =>
        StartedSequences.From(mlContext.Regression.Trainers.Lstm(Options(LstmRegressionTrainer.Options.Table, flags, arguments, table, configure)), start.Sequences(this));

    /// <inheritdoc/>
    public override ViewColumn Label(SequenceTable table, bool needsLabels)
    {
        CheckLabels(table, needsLabels);
        return ViewColumn.Single(table.LabelName, Numbers(table));
    }

    /// <inheritdoc/>
    public override SequenceScores Evaluate(MLContext mlContext, IDataView scored, SequenceTable table, int[] rows)
    {
        RegressionMetrics metrics = mlContext.Regression.Evaluate(scored, table.LabelName);
        double[] all = Numbers(table), labels = Array.ConvertAll(rows, row => all[row]);
        double mean = labels.Average();
        return new SequenceScores(
            new Dictionary<string, double> { ["rmse"] = metrics.RootMeanSquaredError, ["mae"] = metrics.MeanAbsoluteError, ["r_squared"] = metrics.RSquared },
            Math.Sqrt(labels.Average(label => (label - mean) * (label - mean))), "the mean label", HigherIsBetter: false);
    }

    /// <inheritdoc/>
    public override PredictionReader Predictions(IDataView scored)
    {
        DataViewSchema.Column score = scored.Schema[ScoreColumn];
        return new PredictionReader(["prediction"], [score], row =>
        {
            var read = row.GetGetter<float>(score);
            float value = 0;
            return () =>
            {
                read(ref value);
                return float.IsNaN(value) ? [] : [new Prediction(null, [value])];
            };
        });
    }

    private static double[] Numbers(SequenceTable table)
    {
        var number = new NumberField(decimalComma: table.DecimalComma);
        var labels = new double[table.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            int at = row;
            labels[row] = table.LabelColumns.Count == 0 ? double.NaN : number.Read(table.Labels[row][0], () => table.Places(at));
        }

        return labels;
    }
}
