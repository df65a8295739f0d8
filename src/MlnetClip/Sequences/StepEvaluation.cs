using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Evaluates labeled time steps: reads labels, predictions and scores of a view, and checks that they belong together.</summary>
/// <param name="environment">The environment, for errors.</param>
/// <param name="data">The scored data.</param>
/// <param name="labelName">The column of true labels.</param>
/// <param name="scoreName">The column of probabilities.</param>
/// <param name="predictedName">The column of predicted keys.</param>
internal sealed class StepEvaluation(IHostEnvironment environment, IDataView data, string labelName, string scoreName, string predictedName)
{
    private const int MostClasses = 46340; // whose square an array can hold

    /// <summary>Evaluates all rows.</summary>
    public SequenceLabelingMetrics Run()
    {
        DataViewSchema.Column label = Find("label", labelName, IsKeys), predicted = Find("predicted label", predictedName, IsKeys);
        DataViewSchema.Column score = Find("score", scoreName, type => type.ItemType.Equals(NumberDataViewType.Single));
        if (KeyLabels.Count(predicted.Type) > MostClasses)
        {
            throw new ArgumentOutOfRangeException(
                nameof(predictedName), $"Schema mismatch for predicted label column '{predictedName}': expected at most {MostClasses} classes, for whose pairs the confusion matrix has numbers, got {predicted.Type}");
        }

        int classes = (int)KeyLabels.Count(predicted.Type);
        LabelKeys? keys = LabelKeys.Of(predicted);
        CheckSameKeys(label, predicted);
        var counts = new StepCounts(classes);
        using DataViewRowCursor cursor = data.GetRowCursor([label, score, predicted]);
        var readLabels = cursor.GetGetter<VBuffer<uint>>(label);
        var readPredicted = cursor.GetGetter<VBuffer<uint>>(predicted);
        var readScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<uint> labels = default, guesses = default;
        VBuffer<float> scores = default;
        uint[] trueKeys = [], predictedKeys = [];
        float[] probabilities = [];
        while (cursor.MoveNext())
        {
            readLabels(ref labels);
            readPredicted(ref guesses);
            readScores(ref scores);
            int steps = labels.Length;
            if (guesses.Length != steps || scores.Length != (long)steps * classes)
                throw new InvalidDataException(
                    $"Label column '{labelName}' must hold a label for each time step, but row {cursor.Position} (from 0) has {steps} labels, {guesses.Length} predictions and {scores.Length} scores of {classes} classes.");
            if (trueKeys.Length < steps) (trueKeys, predictedKeys, probabilities) = (new uint[steps], new uint[steps], new float[steps * classes]);
            labels.CopyTo(trueKeys);
            guesses.CopyTo(predictedKeys);
            scores.CopyTo(probabilities);
            counts.Add(trueKeys.AsSpan(0, steps), predictedKeys.AsSpan(0, steps), probabilities);
        }

        return counts.Metrics(environment, keys?.Texts ?? [.. Enumerable.Range(1, classes).Select(k => $"{k}")], labelName);
    }

    private DataViewSchema.Column Find(string role, string name, Func<VectorDataViewType, bool> isRight)
    {
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(name), ColumnErrors.NotFound(role, name, data.Schema.Select(other => other.Name)));
        if (column.Type is VectorDataViewType type && isRight(type)) return column;
        throw new ArgumentOutOfRangeException(
            nameof(name), $"Schema mismatch for {role} column '{name}': expected a vector of {(role == "score" ? "Single" : "keys")}, got {column.Type}");
    }

    /// <summary>A key must stand for the same class in both columns; numbers alone would be compared without an error.</summary>
    private void CheckSameKeys(DataViewSchema.Column label, DataViewSchema.Column predicted)
    {
        if (KeyLabels.AreSame(label, predicted)) return;
        throw new InvalidDataException(
            $"The keys of label column '{labelName}' must be those of '{predictedName}', in the same order, but have other values."
            + $"{Environment.NewLine}Hint: transform the data with the pipeline that was fitted, MapValueToKey included, instead of fitting it again.");
    }

    private static bool IsKeys(VectorDataViewType type) => type.ItemType is KeyDataViewType key && key.RawType == typeof(uint);
}
