namespace MlnetClip.Cli.Input;

/// <summary>Checks that there are rows for training and for evaluation, before any work.</summary>
internal static class SeriesCheck
{
    /// <exception cref="InputException">The season is longer than the training part, or no row is left for evaluation.</exception>
    public static void ForTraining(TimeSeries series, ForecastProtocol protocol)
    {
        if (protocol.Season >= protocol.FirstOrigin)
        {
            throw new InputException(
                $"--season must be below the {protocol.FirstOrigin} rows that are trained on, but was {protocol.Season}.",
                "it is the number of rows in a season, for example 52 for weekly rows with a yearly pattern.");
        }

        if (protocol.FirstOrigin < series.Rows) ForEvaluation(series, protocol, "--holdout");
    }

    /// <summary>The row, when the series has it.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static int Row(string option, int row, TimeSeries series) =>
        row < series.Rows
            ? row
            : throw new InputException($"{option} must be below the {series.Rows} rows of {series.Path}, but was {row}.", "rows are counted from 0.");

    /// <exception cref="InputException">No row after the first origin has a value.</exception>
    public static void ForEvaluation(TimeSeries series, ForecastProtocol protocol, string option)
    {
        for (int row = protocol.FirstOrigin + 1; row < series.Rows; row++)
            if (!double.IsNaN(series.Values[row])) return;
        throw new InputException(
            $"{option} must leave rows for the evaluation, but no row of {series.Path} after row {protocol.FirstOrigin} (of {series.Rows}) has a value in '{series.ValueColumn}'.");
    }
}
