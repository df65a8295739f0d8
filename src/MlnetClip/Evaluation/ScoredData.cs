using Microsoft.ML;
using MlnetClip.Data;

namespace MlnetClip.Evaluation;

/// <summary>
/// Evaluates the forecasts of scored data in two passes: the first reads the actual values, the second the forecasts of the rows that are
/// evaluated, one row at a time.
/// </summary>
internal sealed class ScoredData
{
    private const int CancellationPeriod = 1 << 10;

    private readonly IDataView _data;
    private readonly ScoredColumns[] _targets;
    private readonly CancellationToken _cancellation;

    /// <summary>Reads the actual values.</summary>
    /// <param name="data">The scored rows, in time order.</param>
    /// <param name="targets">The columns of each target, with the same series and times.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    public ScoredData(IDataView data, IReadOnlyList<ForecastEvaluationOptions> targets, CancellationToken cancellation = default)
    {
        (_data, _cancellation) = (data, cancellation);
        _targets = [.. targets.Select(options => new ScoredColumns(data.Schema, options))];
        Rows = new SeriesRows(data, new ForecastColumns([.. targets.Select(options => options.LabelColumnName)], [], [], [], targets[0].TimeColumnName, targets[0].GroupColumnName), cancellation);
    }

    /// <summary>The rows and their series.</summary>
    public SeriesRows Rows { get; }

    /// <summary>The number of rows of each series at the beginning that are not evaluated: those before a row of the view or before a time.</summary>
    public int[] FirstOrigins(int firstRow, DateTime? firstTime)
    {
        var first = new int[Rows.SeriesCount];
        for (int row = 0; row < Rows.Count; row++)
            if (row < firstRow || (firstTime is { } time && Rows.TimeOf(row) < time)) first[Rows.SeriesOf(row)] = Rows.IndexOf(row) + 1;
        return first;
    }

    /// <summary>Evaluates the forecasts made at some rows of each series.</summary>
    /// <param name="first">The first row of each series at which a forecast is evaluated.</param>
    /// <param name="end">The row after the last one.</param>
    /// <returns>What was counted for each target, in each series.</returns>
    public SeriesTally[][] Evaluate(int[] first, int[] end)
    {
        ForecastEvaluator[][] evaluators =
        [
            .. _targets.Select((columns, k) => Enumerable.Range(0, Rows.SeriesCount).Select(series => new ForecastEvaluator(
                Rows.Values(series, k), new ForecastProtocol(first[series], columns.Horizon, columns.Options.Season), columns.Levels, Rows.NameOf(series))).ToArray()),
        ];
        using DataViewRowCursor cursor = _data.GetRowCursor([.. _targets.SelectMany(columns => columns.Outputs).Distinct()]);
        Action<ForecastEvaluator>[] readers = [.. _targets.Select(columns => columns.Reader(cursor))];
        int row = 0;
        for (; cursor.MoveNext(); row++)
        {
            if ((row & (CancellationPeriod - 1)) == 0) _cancellation.ThrowIfCancellationRequested();
            if (row >= Rows.Count) break;
            int series = Rows.SeriesOf(row), index = Rows.IndexOf(row);
            if (index < first[series] || index >= end[series]) continue;
            for (int k = 0; k < readers.Length; k++) readers[k](evaluators[k][series]);
        }

        if (row < Rows.Count || cursor.MoveNext()) throw new InvalidDataException($"data must give the same rows each time they are read, but gave {Rows.Count} rows first and another number then.");
        return [.. evaluators.Select(series => series.Select(evaluator => evaluator.Tally).ToArray())];
    }
}
