using System.Collections;
using System.Globalization;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>Actual values and forecasts that do not overlap, one at every horizon-th row, of one of several series at a time.</summary>
internal static class ForecastChart
{
    /// <param name="target">What is forecast.</param>
    /// <param name="id">The name of the chart.</param>
    /// <param name="series">The series that are shown, with their rows.</param>
    /// <param name="horizon">Rows ahead.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="which">Which series are shown, where they are not all.</param>
    public static ReportBlock Of(string target, string id, ForecastSeries[] series, int horizon, ForecastEvaluationOptions columns, string which)
    {
        string title = $"Forecasts of {target}";
        Figure figure = new Figure(columns.TimeColumnName is null ? "Row" : "Time", target).WideY();
        ForecastSeries[] drawn = [.. series.Where(one => HasForecast(one.Rows))];
        if (drawn.Length == 0) return new MissingBlock(title, "no row has a finite forecast.");
        foreach ((int i, ForecastSeries one) in drawn.Index())
        {
            if (drawn.Length > 1) figure.Choice(i);
            Draw(figure, one, horizon, columns);
        }

        int longest = drawn.Max(one => one.Rows.Count);
        string cut = drawn.Any(one => one.FirstEvaluated < one.Count - one.Rows.Count) ? $" The last {Words.Count(longest)} rows are shown." : "";
        string named = drawn is [{ Name.Length: > 0 } only] ? $" The series is {only.Name}." : "";
        string every = horizon == 1 ? "at every row" : $"every {horizon.ToString(CultureInfo.InvariantCulture)} rows, so that forecasts do not overlap";
        return new ChartBlock(id, title, $"A forecast of the next {Words.Count(horizon, "row")}, made {every}, beside the actual values.{named}{cut}{which}", figure)
        {
            Choices = drawn.Length > 1 ? [.. drawn.Select(one => one.Name)] : [],
        };
    }

    private static bool HasForecast(IReadOnlyList<ForecastRow> rows) => rows.SkipLast(1).Any(row => row is { IsEvaluated: true, Forecast: [var next, ..] } && double.IsFinite(next));

    private static void Draw(Figure figure, ForecastSeries series, int horizon, ForecastEvaluationOptions columns)
    {
        IReadOnlyList<ForecastRow> rows = series.Rows;
        int before = series.Count - rows.Count, first = Math.Max(0, series.FirstEvaluated - before), from = Math.Max(0, first - horizon);
        var (forecast, areas) = (new Points(), new Points());
        for (int origin = first; origin + 1 < rows.Count; origin += horizon)
        {
            ForecastRow row = rows[origin];
            if (!row.IsEvaluated || row.Forecast.Length == 0 || !double.IsFinite(row.Forecast[0])) continue;
            int steps = Math.Min(horizon, rows.Count - 1 - origin);
            for (int h = 0; h < steps; h++) forecast.Add(X(origin + 1 + h), row.Forecast[h]);
            forecast.Add(X(origin + steps), double.NaN);
            if (row.Low is null || row.High is null) continue;
            for (int h = 0; h < steps; h++) areas.Add(X(origin + 1 + h), row.Low[h]);
            for (int h = steps - 1; h >= 0; h--) areas.Add(X(origin + 1 + h), row.High[h]);
            areas.Add(X(origin + 1), double.NaN);
        }

        int[] shown = [.. Enumerable.Range(from, rows.Count - from)];
        figure.Areas(Bounds(columns), areas.X, areas.Values, Palette.Orange);
        figure.Line("actual", shown.Select(X).ToArray(), [.. shown.Select(i => rows[i].Actual)], Palette.Blue, width: 1.3);
        figure.Line("forecast", forecast.X, forecast.Values, Palette.Orange, width: 1.6, markers: horizon == 1);

        object X(int row) => rows[row].Time is { } time ? time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : before + row;
    }

    private static string Bounds(ForecastEvaluationOptions columns) => columns.ConfidenceLowerBoundColumn is not null ? "between the bounds"
        : columns.QuantileColumnNames.Count < 2 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"quantiles {columns.QuantileColumnNames.Keys.Min()} to {columns.QuantileColumnNames.Keys.Max()}");

    private sealed class Points
    {
        private readonly List<object> _x = [];
        private readonly List<double> _values = [];

        public ICollection X => _x;

        public double[] Values => [.. _values];

        public void Add(object x, double value)
        {
            _x.Add(x);
            _values.Add(value);
        }
    }
}
