using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Reads sequences from a long file: each row is a time step, and a column names the sequence that it belongs to.</summary>
internal static class StepCsv
{
    private const int CancellationPeriod = 4096;

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="steps">The columns that name the sequence and, where there are any, the times.</param>
    /// <param name="label">The column of the label.</param>
    /// <param name="features">The columns of features; null for all that are not named otherwise.</param>
    /// <param name="weight">The column of weights; null for none.</param>
    /// <param name="perStep">Whether each row has a label; else it is the label of the sequence's last row.</param>
    /// <param name="layout">How the file is written.</param>
    /// <param name="needsLabels">Whether the label column must be there.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static SequenceTable Read(
        string path, StepColumns steps, string label, IReadOnlyList<string>? features, string? weight, bool perStep, CsvLayout layout, bool needsLabels, CancellationToken cancellation) =>
        DataFile.Read(path, layout, table =>
        {
            int sequenceColumn = table.Column("--sequence", steps.Sequence), timeColumn = steps.Time is null ? -1 : table.Column("--time", steps.Time);
            int labelColumn = needsLabels || table.Has(label) ? table.Column("--label", label) : -1;
            int weightColumn = weight is null ? -1 : needsLabels || table.Has(weight) ? table.Column("--weight", weight) : -1;
            int[] named = [sequenceColumn, timeColumn, labelColumn, weightColumn];
            int[] featureColumns = features is not null
                ? [.. features.Select(name => table.Column("--features", name))]
                : [.. Enumerable.Range(0, table.Headers.Count).Except(named)];
            if (featureColumns.Length == 0) throw new InputException($"--features must name columns of {path}, but it has none beside those that other options name.");

            var number = new NumberField(table.DecimalComma);
            var sequences = new Dictionary<string, StepRows>();
            for (int row = 0; table.Read(); row++)
            {
                int line = table.Line;
                if (row % CancellationPeriod == 0) cancellation.ThrowIfCancellationRequested();
                string name = table.Field(sequenceColumn);
                if (name.Length == 0) throw new InputException($"{table.Place(line, sequenceColumn)} is empty: every row must say which sequence it belongs to.", "remove the row, or write a name.");
                if (!sequences.TryGetValue(name, out StepRows? rows)) sequences[name] = rows = new StepRows();
                foreach (int column in featureColumns) rows.Features.Add((float)number.ReadCovariate(table.Field(column), () => table.Place(line, column)));
                rows.Labels.Add(labelColumn < 0 ? "" : table.Field(labelColumn));
                if (timeColumn >= 0) rows.Times.Add(table.Field(timeColumn));
                if (weightColumn >= 0) rows.Weight = SequenceCsv.Weight(table, line, weightColumn, number);
                rows.Lines.Add(line);
            }

            if (sequences.Count == 0) throw new InputException($"{path} has a header and no rows.");
            if (timeColumn >= 0) StepOrder.Check(steps, sequences, line => table.Place(line, timeColumn));
            StepRows[] all = [.. sequences.Values];
            return new SequenceTable(
                path, [.. featureColumns.Select(i => table.Headers[i])], labelColumn < 0 ? [] : [label], Array.ConvertAll(all, rows => rows.Features.ToArray()),
                Array.ConvertAll(all, rows => perStep ? rows.Labels.ToArray() : [rows.Labels[^1]]), weightColumn < 0 ? null : Array.ConvertAll(all, rows => rows.Weight),
                row => table.Place(all[row].Lines[^1], Math.Max(0, labelColumn)), featureColumns.Length, table.DecimalComma)
            {
                Steps = steps, Names = [.. sequences.Keys], Times = timeColumn < 0 ? null : Array.ConvertAll(all, rows => rows.Times.ToArray()),
            };
        });
}
