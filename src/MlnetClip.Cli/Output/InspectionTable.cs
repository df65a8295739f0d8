using System.Globalization;
using MlnetClip.Cli.Models;
using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>inspect</c> shows of a model, as text.</summary>
internal static class InspectionTable
{
    private const int MostNames = 10;

    public static void Write(IAnsiConsole console, InspectedModel model)
    {
        InspectionReport report = InspectionReport.Of(model);
        InspectionReport.TrainingFigures training = report.Training;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        void Add(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(SafeText.Of(value)));

        Add("Model", $"{report.Model}, MlnetClip {training.LibraryVersion} on Microsoft.ML {training.MicrosoftMlVersion}");
        Add("Task", model.Sequences is { } sequences
            ? $"{report.Task.Replace('_', ' ')}: from '{report.Columns.Features}' to {string.Join(", ", report.Columns.Outputs.Select(name => $"'{name}'"))}{ClassesOf(sequences)}"
            : $"{report.Task}: from {Names(report.Columns.Targets)} to {Names(report.Columns.Outputs)}");
        foreach (var (role, names) in new[] { ("past covariates", report.Columns.Past), ("future covariates", report.Columns.Future), ("static covariates", report.Columns.Static) })
            if (names.Count > 0) Add("", $"{role} {Names(names)}");
        if (report.Columns.Time is { } time) Add("", $"calendar from '{time}'");
        if (report.Columns.Group is { } group) Add("", $"{Plural(report.Series.Count, "series", "series")} by '{group}': {Some(report.Series)}");
        Add("Sizes", $"{Reads(report)}; {Plural(report.Network.Layers, $"{(report.Network.Bidirectional ? "bidirectional " : "")}{report.Network.Cell} layer")} of {Plural(report.Network.HiddenSize, "unit")}, {Figures.Count(report.Network.Weights)} weights");
        if (report.Scaling is { } scaling) Add("Scaling", $"{scaling.Kind}, divided by {Figures.Number(scaling.Scale)}");
        if (report.LinearPart is { } linear)
        {
            Add("Forecast", linear.InWords);
            foreach (var (name, share) in linear.Forecasts) Add("", $"{Figures.Share(share)} {name}");
        }

        Add("Clipping", report.ClippingInWords);
        Add("Not finite", $"{report.Nonfinite}: {report.NonfiniteInWords}");
        if (training.Steps > 0) Add("Gradient norm", ScoreTable.Gradients(model.Training.ClippingSummary));
        if (training.Steps > 0) Add("", string.Join(", ", report.NormQuantiles.Select(q => $"{q.Key} {Figures.Number(q.Value)}")));
        foreach (ClippingVerdict verdict in model.Training.ClippingSummary.Verdicts) Add("Verdict", verdict.ToString());
        foreach (string state in report.ClippingStates) Add("", state);
        foreach (string occurrence in report.NonfiniteEvents) Add("", occurrence);
        string validation = $"{Figures.Count(training.ValidationRows)} for validation", missing = Figures.Count(training.MissingRows);
        Add("Training", $"{Figures.Count(training.Rows)} rows, {(model.Sequences is null ? $"the last {validation}, {missing} without a value" : $"{validation}, {missing} left out")}; seed {training.Seed}");
        if (training.StartedFrom is { } start) Add("", $"began with {start}{(report.Metadata is { StartFrom: { } file } ? $", from {file}" : "")}");
        Add("", training.Steps == 0 ? "no training step was made" : $"{Plural(report.Epochs, "epoch")}, {Plural(training.Steps, "step")} ({training.StopReason}); weights of epoch {training.BestEpoch}");
        if (training.Steps > 0) Add("", $"loss {Figures.Number(training.Loss)} in the last epoch, {(training.ValidationLoss is { } loss ? $"validation {Figures.Number(loss)} in epoch {training.BestEpoch}" : "no validation")}{(model.Sequences?.NumberOfOutputs > 1 || report.Task == "binary_classification" ? "" : ", in scaled units")}");
        if (model.Training.LearningRateReason is { } reason) Add("", reason);
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
        if (model.NumberOfOutputs == 1) return "";
        return $"; {model.NumberOfOutputs} classes{(model.Classes.Count == 0 ? "" : $": {Some(model.Classes)}")}";
    }

    private static string Plural(long count, string noun) => Plural(count, noun, $"{noun}s");

    private static string Plural(long count, string noun, string plural) => $"{Figures.Count(count)} {(count == 1 ? noun : plural)}";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {Figures.Count(names.Count - MostNames)} more" : "");

    private static string InWords(ModelMetadata metadata)
    {
        if (metadata.Sequences is { } sequences)
        {
            string noun = sequences.Steps is null ? "rows" : "sequences";
            string rows = metadata.Holdout == 0 ? $"trained on all {Figures.Count(metadata.Rows)} {noun}" : $"trained on {Figures.Count(metadata.Cut)} of {Figures.Count(metadata.Rows)} {noun}, drawn with seed {sequences.Seed}";
            return $"label {Names(sequences.Labels.Take(MostNames))}, {Plural(sequences.Features.Count, "feature column")} from '{sequences.Features[0]}' to '{sequences.Features[^1]}'{(sequences.Steps is { } steps ? $", a row for each time step of a sequence in '{steps.Sequence}'" : "")}, {rows}";
        }

        string time = metadata.Time is null ? "no time column" : $"time column '{metadata.Time}'";
        return $"{(metadata.Targets is null ? $"value column '{metadata.Value}'" : $"value columns {Names(metadata.Targets)}")}, {time}, season of {metadata.Season}, cut before row {metadata.Cut} of {metadata.Rows}";
    }
}
