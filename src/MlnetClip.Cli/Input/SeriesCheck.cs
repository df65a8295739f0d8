using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Input;

/// <summary>Checks that there are rows for training and for evaluation, before any work.</summary>
internal static class SeriesCheck
{
    /// <exception cref="InputException">The season is longer than the training part, or no row is left for evaluation.</exception>
    public static void ForTraining(TableProtocol protocol)
    {
        int longest = protocol.Cuts.Max();
        if (protocol.Season >= longest)
        {
            throw new InputException(
                $"--season must be below the {longest} rows {(protocol.Table.IsGrouped ? "of the longest series " : "")}that are trained on, but was {protocol.Season}.",
                "it is the number of rows in a season, for example 52 for weekly rows with a yearly pattern.");
        }

        if (protocol.HoldsOut) ForEvaluation(protocol, "--holdout");
    }

    /// <summary>The row, when a series has it.</summary>
    /// <exception cref="InputException">None does.</exception>
    public static int Row(string option, int row, SeriesTable table)
    {
        int rows = table.Series.Max(series => series.Rows);
        return row < rows
            ? row
            : throw new InputException(
                $"{option} must be below the {rows} rows of {(table.IsGrouped ? $"the longest series of {table.Path}" : table.Path)}, but was {row}.", "rows are counted from 0.");
    }

    /// <exception cref="InputException">A target has no value in any row after the first origin.</exception>
    public static void ForEvaluation(TableProtocol protocol, string option)
    {
        SeriesTable table = protocol.Table;
        for (int k = 0; k < table.Columns.Targets.Count; k++)
        {
            if (table.Series.Where((series, i) => series.Targets[k].Skip(protocol.Cuts[i] + 1).Any(value => !double.IsNaN(value))).Any()) continue;
            if (table.Series.All(series => series.Targets[k].All(double.IsNaN)))
                throw new InputException($"--target must name columns with values, but every value of '{table.Columns.Targets[k]}' in {table.Path} is missing.", "check the name of the column, and --delimiter.");
            string where = table.IsGrouped ? "after the first evaluated one of its series" : $"after row {protocol.Cuts[0]} (of {table.Rows})";
            throw new InputException($"{option} must leave rows for the evaluation, but no row of {table.Path} {where} has a value in '{table.Columns.Targets[k]}'.",
                option == "--from" ? "begin at an earlier row." : "use a larger --holdout, or --holdout 0 to train on all rows and evaluate nothing.");
        }
    }
}
