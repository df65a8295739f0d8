using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>How often which error was made, of one of several series at a time.</summary>
internal static class ResidualChart
{
    private const int MostBins = 40, FewestBins = 8;

    /// <param name="id">The name of the chart.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="series">The errors of each series, with its name; the first are those of all where there are several.</param>
    /// <param name="which">Which series are shown, where they are not all.</param>
    public static ReportBlock Of(string id, string title, IReadOnlyList<(string Name, double[] Errors)> series, string which = "")
    {
        (string Name, double[] Errors)[] finite = [.. series.Select(one => (one.Name, Errors: Array.FindAll(one.Errors, double.IsFinite)))];
        (string Name, double[] Errors)[] drawn = [.. finite.Where(one => BinWidth(one.Errors) > 0)];
        if (drawn.Length == 0) return new MissingBlock(title, finite[0].Errors is [var error, ..] ? $"all errors are {Words.Number(error)}." : "no row has both a prediction and an actual value.");
        Figure figure = new Figure("Prediction minus actual value", "Rows").WideY().Y("rangemode", "tozero").X("zeroline", true);
        foreach ((int i, (_, double[] errors)) in drawn.Index())
        {
            if (drawn.Length > 1) figure.Choice(i);
            Draw(figure, errors);
        }

        return new ChartBlock(id, title, $"The errors of {Words.Count(drawn[0].Errors.Length, "row")}. A mean far from 0 is a bias; a long tail is a few rows with a large error.{which}", figure)
        {
            Choices = drawn.Length > 1 ? [.. drawn.Select(one => one.Name)] : [],
        };
    }

    private static double BinWidth(double[] errors) => errors.Length == 0 ? 0 : (errors.Max() - errors.Min()) / Bins(errors);

    private static int Bins(double[] errors) => Math.Clamp((int)(1.5 * Math.Sqrt(errors.Length)), FewestBins, MostBins);

    private static void Draw(Figure figure, double[] errors)
    {
        double smallest = errors.Min(), width = BinWidth(errors);
        var counts = new double[Bins(errors)];
        foreach (double error in errors) counts[Math.Min(counts.Length - 1, (int)((error - smallest) / width))]++;
        figure.Bars("rows", Enumerable.Range(0, counts.Length).Select(i => smallest + ((i + 0.5) * width)).ToArray(), counts, Palette.Blue)
            .Vertical("no error", 0, Palette.Gray)
            .Vertical($"mean, {Words.Number(errors.Average())}", errors.Average(), Palette.Orange);
    }
}
