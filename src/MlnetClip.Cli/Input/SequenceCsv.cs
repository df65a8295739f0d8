using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Reads sequences from a wide file: each row is a sequence, whose values are in the columns of features in their order.</summary>
internal static class SequenceCsv
{
    private const int CancellationPeriod = 4096;

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The columns of the label.</param>
    /// <param name="features">The columns of features, in order; null for all that are not named otherwise.</param>
    /// <param name="weight">The column of weights; null for none.</param>
    /// <param name="featuresPerStep">Values of a time step. Missing values at the end of a row make the sequence shorter by whole steps.</param>
    /// <param name="layout">How the file is written.</param>
    /// <param name="needsLabels">Whether the label columns must be there.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">The file, a column or a field cannot be read.</exception>
    public static SequenceTable Read(
        string path, IReadOnlyList<string> labels, IReadOnlyList<string>? features, string? weight, int featuresPerStep, CsvLayout layout, bool needsLabels, CancellationToken cancellation) =>
        DataFile.Read(path, layout, table =>
        {
            bool labeled = needsLabels || labels.All(table.Has);
            int[] labelColumns = labeled ? [.. labels.Select(name => table.Column("--label", name))] : [];
            int weightColumn = weight is null ? -1 : needsLabels || table.Has(weight) ? table.Column("--weight", weight) : -1;
            int[] featureColumns = features is not null
                ? [.. features.Select(name => table.Column("--features", name))]
                : [.. Enumerable.Range(0, table.Headers.Count).Where(i => !labelColumns.Contains(i) && i != weightColumn)];
            string[] names = [.. featureColumns.Select(i => table.Headers[i])];
            if (names.Length == 0) throw new InputException($"--features must name columns of {path}, but it has none beside the label.");
            if (names.Length % featuresPerStep != 0)
            {
                throw new InputException(
                    $"--features-per-step must divide the {names.Length} columns of features into whole time steps, but was {featuresPerStep}.",
                    features is null ? "features are all columns that no other option names; name them with --features to leave some out." : null);
            }

            var number = new NumberField(table.DecimalComma);
            var (values, texts, weights, lines) = (new List<float[]>(), new List<string[]>(), new List<double>(), new List<int>());
            while (table.Read())
            {
                int line = table.Line;
                if (lines.Count % CancellationPeriod == 0) cancellation.ThrowIfCancellationRequested();
                values.Add(Sequence(table, line, featureColumns, featuresPerStep, number));
                texts.Add(labeled ? Array.ConvertAll(labelColumns, table.Field) : Array.ConvertAll(new int[labels.Count], _ => ""));
                if (weightColumn >= 0) weights.Add(Weight(table, line, weightColumn, number));
                lines.Add(line);
            }

            if (lines.Count == 0) throw new InputException($"{path} has a header and no rows.");
            return new SequenceTable(
                path, names, labeled ? labels : [], [.. values], [.. texts], weightColumn < 0 ? null : [.. weights], row => table.Place(lines[row], labeled ? labelColumns[0] : 0), featuresPerStep, table.DecimalComma);
        });

    private static float[] Sequence(ITable table, int line, int[] columns, int featuresPerStep, NumberField number)
    {
        var values = new float[columns.Length];
        int length = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            int column = columns[i];
            values[i] = (float)number.ReadCovariate(table.Field(column), () => table.Place(line, column));
            if (!float.IsNaN(values[i])) length = i + 1;
        }

        int steps = (length + featuresPerStep - 1) / featuresPerStep;
        return values[..(steps * featuresPerStep)];
    }

    /// <summary>Reads a weight.</summary>
    /// <exception cref="InputException">It is no number of 0 or more.</exception>
    public static double Weight(ITable table, int line, int column, NumberField number)
    {
        double weight = number.Read(table.Field(column), () => table.Place(line, column));
        return weight >= 0 ? weight : throw new InputException($"{table.Place(line, column)}: a weight must be 0 or more, but was '{SafeText.Of(table.Field(column))}'.");
    }
}
