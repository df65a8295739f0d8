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
        Add("Task", $"{report.Task}: from '{report.Columns.Value}' to '{report.Columns.Forecast}'");
        Add("Sizes", $"reads {report.Window} rows, forecasts {Plural(report.Horizon, "row")}; {Plural(report.Network.Layers, "LSTM layer")} of {Plural(report.Network.HiddenSize, "unit")}, {Figures.Count(report.Network.Weights)} weights");
        Add("Scaling", $"{report.Scaling.Kind}, divided by {Figures.Number(report.Scaling.Scale)}");
        Add("Clipping", report.ClippingInWords);
        Add("Not finite", $"{report.Nonfinite}: {report.NonfiniteInWords}");
        Add("Gradient norm", ScoreTable.Gradients(model.Forecaster.Training.ClippingSummary));
        Add("", string.Join(", ", report.NormQuantiles.Select(q => $"{q.Key} {Figures.Number(q.Value)}")));
        foreach (ClippingVerdict verdict in model.Forecaster.Training.ClippingSummary.Verdicts) Add("Verdict", verdict.ToString());
        foreach (string state in report.ClippingStates) Add("", state);
        foreach (string occurrence in report.NonfiniteEvents) Add("", occurrence);
        Add("Training", $"{Figures.Count(training.Rows)} rows, the last {Figures.Count(training.ValidationRows)} for validation, {Figures.Count(training.MissingRows)} without a value; seed {training.Seed}");
        Add("", $"{Plural(report.Epochs, "epoch")}, {Plural(training.Steps, "step")} ({training.StopReason}); weights of epoch {training.BestEpoch}");
        Add("", $"loss {Figures.Number(training.Loss)}, validation {(training.ValidationLoss is { } loss ? Figures.Number(loss) : "–")}, in scaled units");
        foreach (var (name, value) in training.Options) Add("", $"{name} = {value}");
        Add("Loads", $"{string.Join(", ", report.Assemblies)}: what mlContext.Model.Load loads with this file");
        Add("Stored", report.Metadata is { } metadata ? InWords(metadata) : "nothing: it was not saved by mlnetclip");
        console.Write(grid);
    }

    private static string Plural(long count, string noun) => $"{Figures.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string InWords(ModelMetadata metadata)
    {
        string time = metadata.Time is null ? "no time column" : $"time column '{metadata.Time}'";
        return $"value column '{metadata.Value}', {time}, season of {metadata.Season}, cut before row {metadata.Cut} of {metadata.Rows}";
    }
}
