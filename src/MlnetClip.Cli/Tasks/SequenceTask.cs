using System.CommandLine.Parsing;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tasks;

/// <summary>What a model over sequences predicts: how its label is read, its pipeline, its metrics and its predictions.</summary>
internal abstract class SequenceTask
{
    /// <summary>The columns of the data view.</summary>
    public const string FeaturesColumn = "Features", WeightColumn = "Weight", PredictedColumn = "PredictedLabel", ScoreColumn = "Score";

    /// <summary>The label's column of the data view: named as in the file, unless a column of the view has that name, or there is a column for each time step.</summary>
    public static string LabelName(IReadOnlyList<string> labels) =>
        labels is [var name] && name is not (FeaturesColumn or WeightColumn or PredictedColumn or ScoreColumn or "Probability") ? name : "Label";

    /// <summary>All tasks.</summary>
    public static IReadOnlyList<SequenceTask> All { get; } = [new RegressionTask(), new BinaryTask(), new MulticlassTask(), new LabelingTask()];

    /// <summary>The library's name, as in <see cref="SavedSequenceModel.Task"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The name in JSON.</summary>
    public abstract string Name { get; }

    /// <summary>The pipeline that is trained: the label's conversion, the trainer, and the prediction's conversion back.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="flags">The flags of the trainer.</param>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="table">The rows.</param>
    /// <param name="start">The weights that training begins with.</param>
    /// <param name="configure">Sets what is no flag, and what a search tries.</param>
    public abstract IEstimator<ITransformer> Pipeline(MLContext mlContext, TrainerFlags flags, CommandResult arguments, SequenceTable table, StartingWeights start, Action<LstmSequenceTrainerOptions> configure);

    /// <summary>The label's column of the data view.</summary>
    /// <exception cref="InputException">A label is missing or not legal, where labels are needed.</exception>
    public abstract ViewColumn Label(SequenceTable table, bool needsLabels);

    /// <summary>The metrics of scored rows, by their names in JSON, and one of a naive prediction.</summary>
    /// <exception cref="InputException">They are not defined for these rows.</exception>
    public abstract SequenceScores Evaluate(MLContext mlContext, IDataView scored, SequenceTable table, int[] rows);

    /// <summary>Reads predictions of scored rows.</summary>
    public abstract PredictionReader Predictions(IDataView scored);

    /// <summary>The data view of some rows.</summary>
    public IDataView View(SequenceTable table, int[] rows, bool needsLabels)
    {
        var columns = new List<ViewColumn> { Label(table, needsLabels), ViewColumn.Vector(FeaturesColumn, table.Features, table.FixedSize) };
        if (table.Weights is { } weights) columns.Add(ViewColumn.Single(WeightColumn, weights));
        return new TableView(columns, rows);
    }

    /// <summary>What a report shows: predictions of the held-out rows, if there are any.</summary>
    public ReportOptions ReportOptions(SequenceTable table, int[] heldOut) => new()
    {
        EvaluationData = heldOut.Length == 0 ? null : View(table, heldOut, needsLabels: true), LabelColumnName = table.LabelName,
    };

    /// <summary>The share of the most frequent text, which is the accuracy of always predicting it.</summary>
    protected static double MostFrequent(IEnumerable<string> labels)
    {
        string[] all = [.. labels.Where(label => label.Length > 0)];
        return all.Length == 0 ? double.NaN : (double)all.CountBy(label => label).Max(label => label.Value) / all.Length;
    }

    /// <summary>Maps the texts of the label to keys: those of the model that training starts from, in their order, or else those of the rows.</summary>
    /// <exception cref="InputException">The model does not have a class of the rows.</exception>
    protected static IEstimator<ITransformer> Keys(MLContext mlContext, SequenceTable table, StartingWeights start)
    {
        if (start.Classes.Count == 0) return mlContext.Transforms.Conversion.MapValueToKey(table.LabelName);
        for (int row = 0; row < table.Rows; row++)
        {
            if (table.Labels[row].FirstOrDefault(label => label.Length > 0 && !start.Classes.Contains(label)) is not { } other) continue;
            throw new InputException(
                $"{table.Places(row)}: the label must be a class of '{start.Path}', which knows {NameList.Print(start.Classes)}, but was '{SafeText.Of(other)}'.",
                "--new-head begins with a head for the classes of these rows.");
        }

        IDataView classes = new TableView([ViewColumn.Text(table.LabelName, [.. start.Classes])], [.. Enumerable.Range(0, start.Classes.Count)]);
        return mlContext.Transforms.Conversion.MapValueToKey(table.LabelName, table.LabelName, keyData: classes);
    }

    /// <summary>Throws where rows for training have one class only, so that there is nothing to learn.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="training">Those for training.</param>
    /// <exception cref="InputException">They have.</exception>
    public static void CheckClasses(SequenceTable table, int[] training)
    {
        string[] trained = [.. Classes(training)];
        if (trained is not [var only]) return;
        throw new InputException(
            $"--label must have two classes or more in the {table.Noun}s that are trained on, but every label there is '{SafeText.Of(only)}'.",
            Classes(Enumerable.Range(0, table.Rows)).Count() > 1 ? "another --seed draws others, and a smaller --holdout leaves more for training." : "check the name of the column.");

        IEnumerable<string> Classes(IEnumerable<int> rows) => rows.SelectMany(row => table.Labels[row]).Where(label => label.Length > 0).Distinct().Take(2);
    }

    /// <summary>The options with the user's values.</summary>
    protected static TOptions Options<TOptions>(
        IReadOnlyList<TrainerOption<TOptions>> options, TrainerFlags flags, CommandResult arguments, SequenceTable table, Action<LstmSequenceTrainerOptions> configure)
        where TOptions : LstmSequenceTrainerOptions, new()
    {
        TOptions given = flags.Read(options, arguments.GetResult);
        (given.LabelColumnName, given.FeatureColumnName, given.ExampleWeightColumnName) = (table.LabelName, FeaturesColumn, table.Weights is null ? null : WeightColumn);
        given.FeaturesPerStep = table.FeaturesPerStep;
        configure(given);
        return given;
    }

    /// <summary>Throws where a row that needs a label has none.</summary>
    protected static void CheckLabels(SequenceTable table, bool needsLabels)
    {
        if (!needsLabels) return;
        for (int row = 0; row < table.Rows; row++)
            if (table.Labels[row][0].Length == 0) throw new InputException($"{table.Places(row)}: the label is empty.", "remove rows without a label; predict needs none.");
    }
}
