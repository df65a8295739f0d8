using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>The confusion matrix.</summary>
internal static class ConfusionChart
{
    private const int MostWritten = 20;

    /// <summary>The names of the classes of a key column, or their numbers.</summary>
    public static string[] Classes(DataViewSchema.Column label, int count)
    {
        string[] numbers = [.. Enumerable.Range(1, count).Select(number => $"class {number}")];
        if (label.Annotations.Schema.GetColumnOrNull("KeyValues") is not { } keys || keys.Type is not VectorDataViewType { ItemType: TextDataViewType }) return numbers;
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        return names.Length == count ? [.. names.DenseValues().Select(name => $"{name}")] : numbers;
    }

    /// <param name="matrix">The counts: rows are the actual classes.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="things">What is counted, in the plural.</param>
    public static ReportBlock Of(ConfusionMatrix matrix, IReadOnlyList<string> classes, string things)
    {
        double[][] counts = [.. matrix.Counts.Select(row => row.ToArray())];
        double[][] shares = Array.ConvertAll(counts, row => row.Sum() is var all && all > 0 ? Array.ConvertAll(row, count => count / all) : new double[row.Length]);
        string[][] texts = Array.ConvertAll(counts, row => Array.ConvertAll(row, count => Words.Count((long)count)));

        // Names that look like numbers would make the axes numeric.
        Figure figure = new Figure("Predicted class", "Actual class") { HoverClosest = true }.X("type", "category").Y("type", "category").X("automargin", true)
            .Grid(classes.ToArray(), classes, shares, "Share of the actual class", ".0%", texts, write: counts.Length <= MostWritten);
        return new ChartBlock("confusion", "Confusion matrix", $"How many {things} of each class were predicted as which. The diagonal is correct; the color is the share of the {things} of the actual class.", figure);
    }
}
