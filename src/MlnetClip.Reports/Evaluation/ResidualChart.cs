using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>How often which error was made.</summary>
internal static class ResidualChart
{
    private const int MostBins = 40, FewestBins = 8;

    public static ReportBlock Of(string id, string title, double[] errors)
    {
        double[] finite = [.. errors.Where(double.IsFinite)];
        if (finite.Length == 0) return new MissingBlock(title, "no row has both a prediction and an actual value.");
        int bins = Math.Clamp((int)(1.5 * Math.Sqrt(finite.Length)), FewestBins, MostBins);
        double smallest = finite.Min(), width = (finite.Max() - smallest) / bins;
        if (!(width > 0)) return new MissingBlock(title, $"all errors are {Words.Number(smallest)}.");
        var counts = new double[bins];
        foreach (double error in finite) counts[Math.Min(bins - 1, (int)((error - smallest) / width))]++;
        Figure figure = new Figure("Prediction minus actual value", "Rows").Y("rangemode", "tozero").X("zeroline", true)
            .Bars("rows", Enumerable.Range(0, bins).Select(i => smallest + ((i + 0.5) * width)).ToArray(), counts, Palette.Blue)
            .Vertical("no error", 0, Palette.Gray)
            .Vertical($"mean, {Words.Number(finite.Average())}", finite.Average(), Palette.Orange);
        return new ChartBlock(id, title, $"The errors of {Words.Count(finite.Length, "row")}. A mean far from 0 is a bias; a long tail is a few rows with a large error.", figure);
    }
}
