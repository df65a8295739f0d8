using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>Predictions over actual values.</summary>
internal static class RegressionChart
{
    private const int Most = 4000;

    /// <summary>The labels and the scores of all rows.</summary>
    public static (double[] Actual, double[] Predicted) Read(IDataView scored, string label, string score)
    {
        var actual = new List<double>();
        var predicted = new List<double>();
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[label], scored.Schema[score]]);
        Func<double> readLabel = ColumnReader.Number(cursor, scored.Schema[label]), readScore = ColumnReader.Number(cursor, scored.Schema[score]);
        while (cursor.MoveNext())
        {
            actual.Add(readLabel());
            predicted.Add(readScore());
        }

        return ([.. actual], [.. predicted]);
    }

    public static ReportBlock Of(double[] actual, double[] predicted)
    {
        // The rows with the largest errors are always among those shown.
        int[] shown = [.. Enumerable.Range(0, actual.Length).Where(i => double.IsFinite(actual[i]) && double.IsFinite(predicted[i]))];
        if (shown.Length == 0) return new MissingBlock("Predictions", "no row has both a prediction and an actual value.");
        int rows = shown.Length;
        if (rows > Most)
        {
            int[] worst = [.. shown.OrderByDescending(i => Math.Abs(predicted[i] - actual[i])).Take(Most / 8)];
            int every = (rows + (Most * 7 / 8) - 1) / (Most * 7 / 8);
            shown = [.. shown.Where((_, i) => i % every == 0).Union(worst)];
        }

        double low = shown.Min(i => actual[i]), high = shown.Max(i => actual[i]);
        Figure figure = new Figure("Actual value", "Prediction") { HoverClosest = true }.WideY()
            .Marks("rows", Array.ConvertAll(shown, i => actual[i]), Array.ConvertAll(shown, i => predicted[i]), Palette.Blue, size: 5)
            .Line("prediction equals actual value", new[] { low, high }, [low, high], Palette.Gray, dash: "dash");
        string cut = shown.Length < rows ? $" {Words.Count(shown.Length)} of {Words.Count(rows, "row")} are shown, those with the largest errors among them." : "";
        return new ChartBlock("predictions", "Predictions", $"Each point is a row; the closer to the line, the better.{cut}", figure);
    }
}
