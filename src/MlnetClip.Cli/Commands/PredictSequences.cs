using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip predict</c> with a model over sequences: predicts the label of every row, or in labeling of every time step.</summary>
internal sealed class PredictSequences(Terminal terminal, FileArguments file, SeriesArguments series) : ITaskCommand
{
    private readonly SequenceArguments _sequences = new(stored: true, file, series: series);

    /// <inheritdoc/>
    public IEnumerable<Option> Own => _sequences.Own;

    /// <inheritdoc/>
    public bool Handles(AnyModel model) => model is LoadedSequenceModel;

    /// <inheritdoc/>
    public void AddTo(Command command) => _sequences.AddTo(command, withFile: false, several: true);

    /// <inheritdoc/>
    public int Run(AnyModel any, CommandRun run)
    {
        var model = (LoadedSequenceModel)any;
        SequenceTable table = _sequences.Read(run.Arguments, model, needsLabels: false, run.Cancellation);
        IDataView scored = model.Transformer.Transform(model.Task.View(table, [.. Enumerable.Range(0, table.Rows)], needsLabels: false));
        PredictionReader reader = model.Task.Predictions(scored);
        var report = new List<LabelReport.Row>();
        int without = 0;
        bool steps = reader.Headers[0] == "step";
        void Write(TextWriter writer)
        {
            string[] headers = [.. reader.Headers];
            if (steps && table.Times is not null) headers[0] = table.Steps!.Time!;
            writer.Write($"{CsvField.Of(table.Steps?.Sequence ?? "row")},{string.Join(',', headers.Select(CsvField.Of))}\n");
            using DataViewRowCursor cursor = scored.GetRowCursor(reader.Columns);
            Func<IReadOnlyList<Prediction>> read = reader.Open(cursor);
            for (int row = 0; cursor.MoveNext(); row++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                IReadOnlyList<Prediction> predictions = read();
                if (predictions.Count == 0) without++;
                for (int step = 0; step < predictions.Count; step++)
                {
                    Prediction prediction = predictions[step];
                    string? time = steps ? table.Times?[row][step] : null;
                    writer.Write($"{(table.Names is { } names ? CsvField.Of(names[row]) : row.ToString(CultureInfo.InvariantCulture))},");
                    if (steps) writer.Write($"{(time is null ? (step + 1).ToString(CultureInfo.InvariantCulture) : CsvField.Of(time))},");
                    if (prediction.Label is { } label) writer.Write(CsvField.Of(label) + (prediction.Values.Count > 0 ? "," : ""));
                    writer.Write(string.Join(',', prediction.Values.Select(value => ((float)value).ToString(CultureInfo.InvariantCulture))));
                    writer.Write('\n');
                    if (run.Json) report.Add(new(row, table.Names?[row], steps ? step + 1 : null, time, prediction.Label, prediction.Values));
                }
            }

            if (without == table.Rows)
                throw new InputException($"No {table.Noun} of {table.Path} has a prediction: every sequence is empty, or has a missing value within it.", "fill in missing values; only those at the end of a sequence may be left out.");
        }

        if (run.Target is { } target)
        {
            target.Write(stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                Write(writer);
            });
        }
        else
        {
            // All at once, so that nothing is printed where there is no prediction.
            using var text = new StringWriter();
            Write(text);
            if (!run.Json) terminal.Output.Write(text.ToString());
        }

        if (without > 0)
            terminal.Log($"{Figures.Count(without)} {(without == 1 ? $"{table.Noun} has" : $"{table.Noun}s have")} no prediction and {(without == 1 ? "is" : "are")} omitted: a sequence is empty, or has a missing value within it.");
        if (run.Target is not null) terminal.Log($"Wrote {run.Target.Shown}.");
        if (run.Json)
        {
            terminal.Output.WriteLine(JsonText.Of(new LabelReport
            {
                Task = model.Task.Name, Model = model.Path, Rows = table.Rows - without, RowsWithoutPrediction = without, Columns = reader.Headers, Predictions = report, Out = run.Target?.Shown,
            }));
        }

        return ExitCode.Success;
    }
}
