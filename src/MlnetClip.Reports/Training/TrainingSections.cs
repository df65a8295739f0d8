using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The sections about a fit: what it was, what its gradients did, and every option.</summary>
internal static class TrainingSections
{
    /// <summary>The fit in a table, and the conclusions in words.</summary>
    public static IEnumerable<ReportSection> Overview(LstmTrainingReport report, string model)
    {
        ClippingSummary summary = report.ClippingSummary;
        var rows = new List<IReadOnlyList<string>>
        {
            new[] { "Model", model },
            new[] { "Rows", $"{Words.Count(report.Rows)}, {Words.Count(report.ValidationRows)} of them for validation only" },
            new[] { "Sequences", $"{Words.Count(report.TrainingSequences)} for training, {Words.Count(report.ValidationSequences)} for validation" },
            new[] { "Epochs", report.Steps == 0 ? "0: no training step was made" : $"{report.Epochs}{(report.StopReason == StopReason.EarlyStopped ? ", stopped early" : "")}; the weights of epoch {report.BestEpoch} were kept" },
            new[] { "Steps", Words.Count(report.Steps) },
        };
        if (report.StartedFrom is { } start) rows.Add(["Began with", start]);
        if (report.Steps > 0)
        {
            rows.Add(["Loss", $"training {Words.Number(report.TrainingLoss)} in the last epoch{(report.ValidationLoss is { } loss ? $", validation {Words.Number(loss)} in epoch {report.BestEpoch}" : ", no validation")} (in scaled units)"]);
            rows.Add(["Clipping", $"{report.Clipping}: {Words.Share(summary.ShareClipped)} of the steps clipped"]);
            rows.Add(["Gradient norm", $"{Words.Number(summary.NormMedian)} (median), {Words.Number(summary.NormMax)} (largest), before clipping"]);
        }

        if (summary.NonFiniteSteps > 0) rows.Add(["Not finite", $"{Words.Count(summary.NonFiniteSteps, "step")}; the policy is {summary.Policy}"]);
        if (summary.RefusedSteps > 0) rows.Add(["Skipped as spikes", Words.Count(summary.RefusedSteps, "step")]);
        if (report.LinearPart is { } linear) rows.Add(["Forecast", $"{linear}"]);
        rows.Add(["Seed", $"{report.Seed}{(report.SeedWasDrawn ? ", drawn at random because the context had none" : "")}"]);
        yield return new ReportSection("The fit", [new TableBlock("", [], rows)]);
        string[] lines = [.. summary.Verdicts.Select(verdict => $"{verdict}"), .. summary.Rules, .. summary.BackpropClipping, .. summary.States];
        yield return new ReportSection("What the gradients did", [new TextBlock(lines)]);
    }

    /// <summary>The charts of the fit.</summary>
    public static IEnumerable<ReportSection> Charts(LstmTrainingReport report)
    {
        if (report.Steps == 0)
        {
            yield return new ReportSection("Training", [new TextBlock(["No training step was made: the model has the weights that it began with, so there are no losses and no gradients to show."])]);
            yield break;
        }

        yield return new ReportSection("Loss and learning rate", [LossChart.Of(report), LearningRateChart.Of(report), .. SweepChart.Of(report)]);
        yield return new ReportSection("Gradient and clipping", [NormChart.Of(report), .. Events(report.ClippingSummary), ShareClippedChart.Of(report), .. NormHistogramChart.Of(report)]);
        yield return new ReportSection("Where the gradient is", [.. PartNormCharts.Of(report), TimeStepChart.Of(report)]);
    }

    /// <summary>Every option that affected the fit.</summary>
    public static ReportSection Configuration(LstmTrainingReport report) => new("Configuration",
    [
        new TableBlock("", [],
        [
            .. report.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => new[] { option.Key, option.Value }),
            ["WarmStart", report.WarmStart ? $"from {report.StartedFrom ?? "the weights of another model"}" : "no"],
            ["MlnetClip", report.LibraryVersion],
            ["Microsoft.ML", report.MicrosoftMLVersion],
        ]),
    ]);

    private static IEnumerable<ReportBlock> Events(ClippingSummary summary)
    {
        if (summary.FirstEvents.Count == 0) yield break;
        string first = summary.NonFiniteSteps > summary.FirstEvents.Count ? $"the first {summary.FirstEvents.Count} of {Words.Count(summary.NonFiniteSteps)}" : "all";
        yield return new TextBlock([$"Gradients that were not finite ({first}):", .. summary.FirstEvents.Select(found => $"{found}")]);
    }
}
