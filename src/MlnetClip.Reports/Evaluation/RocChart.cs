using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>The ROC curve.</summary>
internal static class RocChart
{
    private const int Most = 1000;

    public static ReportBlock Of(IDataView scored, string label, string score, double area)
    {
        (double Score, bool Label)[] rows = Read(scored, label, score);
        double positive = rows.Count(row => row.Label), negative = rows.Length - positive;
        var rates = new List<(double FalsePositive, double TruePositive)> { (0, 0) };
        double hits = 0, misses = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Label) hits++;
            else misses++;
            if (i + 1 == rows.Length || rows[i + 1].Score != rows[i].Score) rates.Add((misses / negative, hits / positive)); // rows of one score are on one side of any threshold
        }

        int every = (rates.Count + Most - 1) / Most;
        (double FalsePositive, double TruePositive)[] shown = [.. rates.Where((_, i) => i % every == 0 || i == rates.Count - 1)];
        Figure figure = new Figure("False positive rate", "True positive rate").PercentY().X("tickformat", ".0%").X("range", new[] { 0, 1.01 }).Y("range", new[] { 0, 1.01 })
            .Line("model", Array.ConvertAll(shown, rate => rate.FalsePositive), Array.ConvertAll(shown, rate => rate.TruePositive), Palette.Blue, width: 2)
            .Line("chance", new[] { 0.0, 1 }, [0, 1], Palette.Gray, dash: "dash");
        return new ChartBlock("roc", "ROC curve", string.Create(
            CultureInfo.InvariantCulture, $"The share of true rows found over the share of false rows taken for true, at every threshold of the score. The area under the curve is {area:0.000}; 0.5 is chance."), figure);
    }

    /// <summary>Scores and labels by decreasing score; rows without a score are left out.</summary>
    private static (double Score, bool Label)[] Read(IDataView scored, string label, string score)
    {
        var rows = new List<(double Score, bool Label)>();
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[label], scored.Schema[score]]);
        ValueGetter<bool> readLabel = cursor.GetGetter<bool>(scored.Schema[label]);
        Func<double> readScore = ColumnReader.Number(cursor, scored.Schema[score]);
        bool value = false;
        while (cursor.MoveNext())
        {
            readLabel(ref value);
            if (readScore() is var number && !double.IsNaN(number)) rows.Add((number, value));
        }

        return [.. rows.OrderByDescending(row => row.Score)];
    }
}
