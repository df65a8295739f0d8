namespace MlnetClip.Evaluation;

/// <summary>Where the folds of a backtest begin and end in each series, and which rows a fit may read.</summary>
internal sealed class BacktestFolds
{
    private readonly SeriesRows _rows;
    private readonly int[][] _cuts; // [fold][series]: rows of the series before the fold; one more fold for the end
    private readonly int? _trainingRows;

    /// <summary>Cuts the series.</summary>
    /// <param name="rows">The rows; with times, all series are cut at the time of the cut of the longest one.</param>
    /// <param name="options">The folds.</param>
    /// <exception cref="InvalidDataException">There are too few rows.</exception>
    public BacktestFolds(SeriesRows rows, ForecastBacktestOptions options)
    {
        (_rows, _trainingRows) = (rows, options.TrainingRows);
        int[] counts = [.. Enumerable.Range(0, rows.SeriesCount).Select(rows.RowsOf)];
        Longest = Array.IndexOf(counts, counts.DefaultIfEmpty(0).Max());
        long needed = ((long)options.NumberOfFolds * options.FoldRows) + 1, has = counts.DefaultIfEmpty(0).Max();
        if (has < needed)
        {
            throw new InvalidDataException(
                $"data must have at least {needed} rows {(rows.SeriesCount > 1 ? "in a series " : "")}for {options.NumberOfFolds} folds of {options.FoldRows} rows and a row to train on, but {(rows.SeriesCount > 1 ? "the longest series " : "")}has {has}.{Environment.NewLine}"
                + $"Hint: use a smaller {nameof(options.NumberOfFolds)} or {nameof(options.FoldRows)}.");
        }

        _cuts = [.. Enumerable.Range(0, options.NumberOfFolds).Select(fold => CutsAt((options.NumberOfFolds - fold) * options.FoldRows)), counts];

        int[] CutsAt(int rowsFromEnd)
        {
            if (!rows.HasTimes) return [.. counts.Select(count => Math.Max(0, count - rowsFromEnd))];
            int cut = counts[Longest] - rowsFromEnd;
            DateTime time = rows.TimeOf(Enumerable.Range(0, rows.Count).First(row => rows.SeriesOf(row) == Longest && rows.IndexOf(row) == cut));
            var before = new int[counts.Length];
            for (int row = 0; row < rows.Count; row++)
                if (rows.TimeOf(row) < time) before[rows.SeriesOf(row)]++;
            return before;
        }
    }

    /// <summary>The number of the longest series.</summary>
    public int Longest { get; }

    /// <summary>The number of rows of a series before a fold.</summary>
    public int Cut(int fold, int series) => _cuts[fold][series];

    /// <summary>The rows of the data that a model of a fold may be trained on.</summary>
    public bool[] TrainingRows(int fold)
    {
        var selected = new bool[_rows.Count];
        for (int row = 0; row < selected.Length; row++)
        {
            int cut = _cuts[fold][_rows.SeriesOf(row)], index = _rows.IndexOf(row);
            selected[row] = index < cut && (_trainingRows is not { } most || index >= cut - most);
        }

        return selected;
    }

    /// <summary>The first origin of a fold in each series: the last row before it.</summary>
    public int[] FirstOrigins(int fold) => Array.ConvertAll(_cuts[fold], cut => Math.Max(0, cut - 1));

    /// <summary>The origin after the last one of a fold in each series.</summary>
    public int[] EndOfOrigins(int fold) => FirstOrigins(fold + 1);
}
