using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Evaluation;

/// <summary>The columns of one target in scored data, checked.</summary>
internal sealed class ScoredColumns
{
    private readonly DataViewSchema.Column[] _quantiles;
    private readonly DataViewSchema.Column? _lower, _upper;
    private readonly DataViewSchema.Column _score;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    public ScoredColumns(DataViewSchema schema, ForecastEvaluationOptions options)
    {
        Options = options;
        DataViewSchema.Column label = Find(schema, "label", options.LabelColumnName);
        if (!SeriesReader.IsNumber(label.Type)) throw Mismatch("label", label, "Single or Double");
        _score = FindVector("score", options.ScoreColumnName, null);
        Horizon = ((VectorDataViewType)_score.Type).Size;
        Levels = [.. options.QuantileColumnNames.Keys.Order().Select(level => (double)(decimal)level)]; // 0.1f means 0.1
        _quantiles = [.. options.QuantileColumnNames.OrderBy(pair => pair.Key).Select(pair => FindVector("quantile", pair.Value, Horizon))];
        if (options.ConfidenceLowerBoundColumn is { } lower) _lower = FindVector("lower bound", lower, Horizon);
        if (options.ConfidenceUpperBoundColumn is { } upper) _upper = FindVector("upper bound", upper, Horizon);
        CheckSeries(schema, options.GroupColumnName, options.TimeColumnName);

        DataViewSchema.Column FindVector(string role, string name, int? size)
        {
            DataViewSchema.Column column = Find(schema, role, name);
            if (column.Type is VectorDataViewType { IsKnownSize: true } type && SeriesReader.IsNumber(type.ItemType) && (size ?? type.Size) == type.Size) return column;
            throw Mismatch(role, column, size is null ? "a known-size vector of Single or Double" : $"a vector of {size} values of Single or Double as the forecasts");
        }
    }

    /// <summary>The names and the season.</summary>
    public ForecastEvaluationOptions Options { get; }

    /// <summary>Steps of the forecasts.</summary>
    public int Horizon { get; }

    /// <summary>The levels of the quantiles, ascending.</summary>
    public double[] Levels { get; }

    /// <summary>The columns with forecasts.</summary>
    public IEnumerable<DataViewSchema.Column> Outputs => new[] { _score, _lower, _upper }.OfType<DataViewSchema.Column>().Concat(_quantiles);

    /// <summary>What adds the forecasts of the current row to an evaluator.</summary>
    public Action<ForecastEvaluator> Reader(DataViewRow row)
    {
        double[] forecast = new double[Horizon], quantiles = new double[Levels.Length * Horizon];
        double[] lower = new double[_lower is null ? 0 : Horizon], upper = new double[lower.Length];
        NumberColumn.Reader read = NumberColumn.Of(row, _score);
        NumberColumn.Reader[] readQuantiles = [.. _quantiles.Select(column => NumberColumn.Of(row, column))];
        NumberColumn.Reader? readLower = _lower is { } low ? NumberColumn.Of(row, low) : null, readUpper = _upper is { } high ? NumberColumn.Of(row, high) : null;
        return evaluator =>
        {
            read(forecast);
            for (int q = 0; q < readQuantiles.Length; q++) readQuantiles[q](quantiles.AsSpan(q * Horizon, Horizon));
            readLower?.Invoke(lower);
            readUpper?.Invoke(upper);
            evaluator.Add(forecast, quantiles, lower, upper);
        };
    }

    /// <summary>Throws where a column of the series or of the time does not exist, or has another type; null is not checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    public static void CheckSeries(DataViewSchema schema, string? groupColumnName, string? timeColumnName)
    {
        if (groupColumnName is not null && Find(schema, "group", groupColumnName) is var group && !GroupColumn.IsLegal(group.Type)) throw Mismatch("group", group, GroupColumn.Legal);
        if (timeColumnName is not null && Find(schema, "time", timeColumnName) is var time && time.Type is not (DateTimeDataViewType or DateTimeOffsetDataViewType))
            throw Mismatch("time", time, "DateTime or DateTimeOffset");
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), ColumnErrors.NotFound(role, name, schema.Select(column => column.Name)));
    }

    private static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new(nameof(column), $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");
}
