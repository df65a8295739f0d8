using Microsoft.ML;
using MlnetClip;
using Spectre.Console;

namespace Demo;

/// <summary>Finds the threshold: a fit without clipping calibrates, thresholds around its norms are explored, the best get more seeds.</summary>
internal sealed class Search : IStudyMonitor
{
    // Half the epochs of the models below are enough to tell thresholds apart.
    private const int Trials = 20, Epochs = 15;

    private int _finished;

    /// <summary>Searches on the rows before the cut and prints what was found.</summary>
    public static ClippingStudyResult Run(MLContext mlContext, IDataView data, int cut)
    {
        var study = mlContext.CreateClippingStudy(new ClippingStudyOptions
        {
            Pipeline = clipping => Fit.Estimator(mlContext, clipping, options => options.NumberOfEpochs = Epochs),
            Budget = new StudyBudget { MaxModelToExplore = Trials },
            Seeds = 3,
            Workers = Math.Min(Environment.ProcessorCount, 4),
            Monitor = new Search(),
        });
        ClippingStudyResult found = study.Run(mlContext.Data.TakeRows(data, cut));
        Write(found);
        return found;
    }

    public void OnTrialFinished(Trial trial)
    {
        if (++_finished % 5 == 0) AnsiConsole.WriteLine($"  search: {_finished} of {Trials} fits");
    }

    private static void Write(ClippingStudyResult found)
    {
        var norms = found.Unclipped!;
        AnsiConsole.WriteLine($"Calibration without clipping: gradient norm median {norms.Quantiles[50]:F3}, 90% below {norms.Quantiles[90]:F3}, largest {norms.Max:F1}.");
        var table = new Table().RoundedBorder().Title("Search: validation loss over the threshold");
        table.AddColumn("clipping");
        foreach (string column in new[] { "loss", "± seeds", "seeds", "steps\nclipped" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (CurvePoint point in found.Curve)
        {
            string style = point == found.Conclusion.Recommended ? "bold green" : "default";
            string[] cells = point.Losses.Count == 0
                ? [$"{point.Clipping}", point.Diverged ? "diverged" : point.Failed ? "failed" : "stopped early", "", "", ""]
                : [$"{point.Clipping}", $"{point.Mean:F4}", point.Losses.Count < 2 ? "" : $"{point.Spread:F4}", $"{point.Losses.Count}", $"{point.ShareClipped:0%}"];
            table.AddRow(cells.Select(cell => new Markup(Markup.Escape(cell), Style.Parse(style))));
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"Recommended: [bold green]{found.Recommendation?.ToString() ?? "nothing"}[/]. Verdict: {found.VerdictText}.");
    }
}
