using System.Collections;
using System.Globalization;
using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Evaluation;

/// <summary>Actual values and forecasts that do not overlap: one at every horizon-th row.</summary>
internal static class ForecastChart
{
    private const int MostRows = 600;

    public static ReportBlock Of(string target, string id, ForecastRows data, ForecastEvaluationOptions columns)
    {
        string title = $"Forecasts of {target}";
        IReadOnlyList<ForecastRow> all = data.Rows;
        int horizon = all.Select(row => row.Forecast.Length).Max(), first = all.TakeWhile(row => !row.IsEvaluated).Count();
        int from = Math.Max(0, Math.Max(first - horizon, all.Count - MostRows));
        bool hasTime = all[0].Time is not null;
        var forecast = new Points();
        var areas = new Points();
        for (int origin = Math.Max(first, from); origin + 1 < all.Count; origin += horizon)
        {
            ForecastRow row = all[origin];
            if (!row.IsEvaluated || row.Forecast.Length == 0 || !double.IsFinite(row.Forecast[0])) continue;
            int steps = Math.Min(horizon, all.Count - 1 - origin);
            for (int h = 0; h < steps; h++) forecast.Add(X(origin + 1 + h), row.Forecast[h]);
            forecast.Add(X(origin + steps), double.NaN);
            if (row.Low is null || row.High is null) continue;
            for (int h = 0; h < steps; h++) areas.Add(X(origin + 1 + h), row.Low[h]);
            for (int h = steps - 1; h >= 0; h--) areas.Add(X(origin + 1 + h), row.High[h]);
            areas.Add(X(origin + 1), double.NaN);
        }

        var figure = new Figure(hasTime ? "Time" : "Row", target);
        int[] shown = [.. Enumerable.Range(from, all.Count - from)];
        if (!areas.IsEmpty) figure.Areas(Bounds(columns), areas.X, areas.Values, Palette.Orange);
        figure.Line("actual", shown.Select(X).ToArray(), [.. shown.Select(i => all[i].Actual)], Palette.Blue, width: 1.3);
        figure.Line("forecast", forecast.X, forecast.Values, Palette.Orange, width: 1.6, markers: horizon == 1);
        if (forecast.IsEmpty) return new MissingBlock(title, "no row has a finite forecast.");
        string series = data.Series is not { } name ? "" : data.SeriesCount > 1 ? $" The series is {name}, the first of {data.SeriesCount}." : $" The series is {name}.";
        string cut = from > 0 && from > first - horizon ? $" The last {Words.Count(all.Count - from)} rows are shown." : "";
        return new ChartBlock(
            id, title, $"A forecast of the next {Words.Count(horizon, "row")}, made {(horizon == 1 ? "at every row" : $"every {horizon.ToString(CultureInfo.InvariantCulture)} rows, so that forecasts do not overlap")}, beside the actual values.{series}{cut}", figure);

        object X(int row) => hasTime ? all[row].Time!.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : row;
    }

    private static string Bounds(ForecastEvaluationOptions columns) => columns.ConfidenceLowerBoundColumn is not null
        ? "between the bounds"
        : string.Create(CultureInfo.InvariantCulture, $"quantiles {columns.QuantileColumnNames.Keys.Min()} to {columns.QuantileColumnNames.Keys.Max()}");

    private sealed class Points
    {
        private readonly List<object> _x = [];
        private readonly List<double> _values = [];

        public ICollection X => _x;

        public double[] Values => [.. _values];

        public bool IsEmpty => _values.Count == 0;

        public void Add(object x, double value)
        {
            _x.Add(x);
            _values.Add(value);
        }
    }
}
