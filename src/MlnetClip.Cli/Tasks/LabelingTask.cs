using System.CommandLine.Parsing;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Tasks;

/// <summary>A class for every time step.</summary>
internal sealed class LabelingTask : SequenceTask
{
    /// <inheritdoc/>
    public override string Kind => "SequenceClassification";

    /// <inheritdoc/>
    public override string Name => "labeling";

    /// <inheritdoc/>
    public override IEstimator<ITransformer> Pipeline(MLContext mlContext, TrainerFlags flags, CommandResult arguments, SequenceTable table, StartingWeights start, Action<LstmSequenceTrainerOptions> configure) =>
        Keys(mlContext, table, start)
            .Append(StartedSequences.From(mlContext.MulticlassClassification.Trainers.LstmLabeling(Options(LstmLabelingTrainer.Options.Table, flags, arguments, table, configure)), start.Sequences(this)));

    /// <summary>Checks that a wide file has a column of labels for each time step.</summary>
    /// <exception cref="InputException">There are more or fewer.</exception>
    public static void CheckSteps(SequenceTable table, int featuresPerStep)
    {
        int steps = table.FeatureColumns.Count / featuresPerStep;
        if (table.Steps is not null || table.LabelColumns.Count == steps) return;
        throw new InputException(
            $"--label must name a column for each of the {steps} time steps, but names {table.LabelColumns.Count}: the {table.FeatureColumns.Count} columns of features, {featuresPerStep} a step, make {steps}.",
            "--features names the columns of features, and --features-per-step how many of them are a time step. For a file with a row for each time step, name the column of the sequence with --sequence.");
    }

    /// <summary>The labels of the time steps that each sequence has.</summary>
    /// <inheritdoc/>
    public override ViewColumn Label(SequenceTable table, bool needsLabels)
    {
        int perStep = table.FeaturesPerStep;
        var labels = new ReadOnlyMemory<char>[table.Rows][];
        for (int row = 0; row < labels.Length; row++)
        {
            int steps = table.Features[row].Length / perStep;
            string[] texts = table.Labels[row];
            if (needsLabels && Array.FindLastIndex(texts, text => text.Length > 0) is var last && last >= steps)
                throw new InputException($"{table.Places(row)}: the row has {steps} time steps, but a label for step {last + 1}.", "leave labels empty where the features are.");
            labels[row] = Array.ConvertAll(texts[..steps], text => text.AsMemory());
        }

        return ViewColumn.Texts(table.LabelName, labels, table.FixedSize / perStep);
    }

    /// <inheritdoc/>
    public override SequenceScores Evaluate(MLContext mlContext, IDataView scored, SequenceTable table, int[] rows)
    {
        SequenceLabelingMetrics metrics = mlContext.MulticlassClassification.EvaluateSteps(scored, table.LabelName);
        return new SequenceScores(
            new Dictionary<string, double>
            {
                ["accuracy"] = metrics.MicroAccuracy, ["macro_accuracy"] = metrics.MacroAccuracy, ["log_loss"] = metrics.LogLoss, ["sequence_accuracy"] = metrics.SequenceAccuracy,
            },
            MostFrequent(rows.SelectMany(row => table.Labels[row])), "the most frequent class", HigherIsBetter: true);
    }

    /// <inheritdoc/>
    public override PredictionReader Predictions(IDataView scored)
    {
        DataViewSchema.Column predicted = scored.Schema[PredictedColumn], score = scored.Schema[ScoreColumn];
        VBuffer<ReadOnlyMemory<char>> keys = default;
        predicted.GetKeyValues(ref keys);
        string[] names = [.. keys.DenseValues().Select(name => name.ToString())];
        return new PredictionReader(["step", "prediction", "probability"], [predicted, score], row =>
        {
            var readKeys = row.GetGetter<VBuffer<uint>>(predicted);
            var readScores = row.GetGetter<VBuffer<float>>(score);
            VBuffer<uint> steps = default;
            VBuffer<float> scores = default;
            return () =>
            {
                readKeys(ref steps);
                readScores(ref scores);
                float[] probabilities = [.. scores.DenseValues()];
                uint[] predictions = [.. steps.DenseValues()];
                return predictions.Length == 0 || predictions[0] == 0
                    ? []
                    : [.. predictions.Select((key, step) => new Prediction(names[key - 1], [probabilities[(step * names.Length) + (int)key - 1]]))];
            };
        });
    }
}
