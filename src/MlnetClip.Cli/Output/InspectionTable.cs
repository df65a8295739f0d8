using MlnetClip.Cli.Models;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>inspect</c> shows of a model, as text.</summary>
internal static class InspectionTable
{
    public static void Write(IAnsiConsole console, InspectedModel model)
    {
        InspectionReport report = InspectionReport.Of(model);
        InspectionReport.TrainingFigures training = report.Training;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        void Add(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(SafeText.Of(value)));

        Add("Model", $"{report.Model}, MlnetClip {training.LibraryVersion} on Microsoft.ML {training.MicrosoftMlVersion}");
        Add("Task", model.Sequences is { } sequences
            ? $"{report.Task.Replace('_', ' ')}: from '{report.Columns.Features}' to {string.Join(", ", report.Columns.Outputs.Select(name => $"'{name}'"))}{ClassesOf(sequences)}"
            : $"{report.Task}: from '{report.Columns.Value}' to '{report.Columns.Forecast}'");
        Add("Sizes", $"{Reads(report)}; {Plural(report.Network.Layers, $"{(report.Network.Bidirectional ? "bidirectional " : "")}{report.Network.Cell} layer")} of {Plural(report.Network.HiddenSize, "unit")}, {Figures.Count(report.Network.Weights)} weights");
        if (report.Scaling is { } scaling) Add("Scaling", $"{scaling.Kind}, divided by {Figures.Number(scaling.Scale)}");
        Add("Clipping", report.ClippingInWords);
        Add("Not finite", $"{report.Nonfinite}: {report.NonfiniteInWords}");
        Add("Gradient norm", ScoreTable.Gradients(model.Training.ClippingSummary));
        Add("", string.Join(", ", report.NormQuantiles.Select(q => $"{q.Key} {Figures.Number(q.Value)}")));
        foreach (ClippingVerdict verdict in model.Training.ClippingSummary.Verdicts) Add("Verdict", verdict.ToString());
        foreach (string state in report.ClippingStates) Add("", state);
        foreach (string occurrence in report.NonfiniteEvents) Add("", occurrence);
        string validation = $"{Figures.Count(training.ValidationRows)} for validation", missing = Figures.Count(training.MissingRows);
        Add("Training", $"{Figures.Count(training.Rows)} rows, {(model.Sequences is null ? $"the last {validation}, {missing} without a value" : $"{validation}, {missing} left out")}; seed {training.Seed}");
        Add("", $"{Plural(report.Epochs, "epoch")}, {Plural(training.Steps, "step")} ({training.StopReason}); weights of epoch {training.BestEpoch}");
        Add("", $"loss {Figures.Number(training.Loss)}, validation {(training.ValidationLoss is { } loss ? Figures.Number(loss) : "–")}{(model.Sequences?.NumberOfOutputs > 1 || report.Task == "binary_classification" ? "" : ", in scaled units")}");
        foreach (var (name, value) in training.Options) Add("", $"{name} = {value}");
        Add("Loads", $"{string.Join(", ", report.Assemblies)}: what mlContext.Model.Load loads with this file");
        Add("Stored", report.Metadata is { } metadata ? InWords(metadata) : "nothing: it was not saved by mlnetclip");
        console.Write(grid);
    }

    private static string Reads(InspectionReport report) => report.Window is { } window
        ? $"reads {window} rows, forecasts {Plural(report.Horizon!.Value, "row")}"
        : $"reads sequences with {Plural(report.Network.FeaturesPerStep!.Value, "value")} a step, pooled by {report.Network.Pooling}";

    /// <summary>The first names of the classes, or their number where they have none.</summary>
    private static string ClassesOf(SavedSequenceModel model)
    {
        const int Most = 10;
        if (model.NumberOfOutputs == 1) return "";
        string more = model.Classes.Count > Most ? $" and {model.Classes.Count - Most} more" : "";
        return $"; {model.NumberOfOutputs} classes{(model.Classes.Count == 0 ? "" : $": {string.Join(", ", model.Classes.Take(Most))}{more}")}";
    }

    private static string Plural(long count, string noun) => $"{Figures.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string InWords(ModelMetadata metadata)
    {
        string time = metadata.Time is null ? "no time column" : $"time column '{metadata.Time}'";
        return $"value column '{metadata.Value}', {time}, season of {metadata.Season}, cut before row {metadata.Cut} of {metadata.Rows}";
    }
}
