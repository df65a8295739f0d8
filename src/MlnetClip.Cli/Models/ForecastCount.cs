using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Counts the forecasts of a series as they are made, and distinguishes "none yet", "the last observation is too old" and "not finite".</summary>
internal sealed class ForecastCount(LoadedModel model, TimeSeries series)
{
    private readonly int _firstValue = Math.Max(0, series.Targets.Max(values => Array.FindIndex(values, value => !double.IsNaN(value))));
    private readonly int[] _observed = Array.ConvertAll(series.Targets, _ => -1);
    private readonly bool _readsAhead = model.Forecaster.FutureCovariateColumnNames.Count > 0;
    private double[][] _last = [];
    private int _row = -1;
    private int _steps;

    /// <summary>The series.</summary>
    public TimeSeries Series => series;

    /// <summary>Forecasts made.</summary>
    public int Made { get; private set; }

    /// <summary>Rows without a forecast.</summary>
    public int Without { get; private set; }

    /// <summary>Rows without a forecast, since the last observation is too old.</summary>
    public int TooOld { get; private set; }

    /// <summary>Forecasts of which the last steps are missing, because the rows with their future covariates are not in the file.</summary>
    public int Shortened { get; private set; }

    /// <summary>The latest forecast, for each column of the model.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Last => [.. _last.Select(values => values[.._steps])];

    /// <summary>The row of the latest forecast.</summary>
    public int Row => _row;

    /// <summary>Rows from the last observation of the target that was observed least recently to the row of the latest forecast: 0 where that row has a value.</summary>
    public int Age => _row - Observed;

    /// <summary>The row of the last observation up to the latest forecast, of the target that was observed least recently; -1 for none.</summary>
    public int Observed => _observed.Min();

    /// <summary>Takes a forecast; the number of steps that it has, 0 where there is none.</summary>
    /// <exception cref="InputException">The forecast is not finite.</exception>
    public int Add(int origin, double[][] values)
    {
        while (_row < origin)
        {
            _row++;
            for (int k = 0; k < _observed.Length; k++)
                if (!double.IsNaN(series.Targets[k][_row])) _observed[k] = _row;
        }

        int steps = StepsOf(values);
        if (steps == 0)
        {
            bool few = origin - _firstValue + 1 < model.Forecaster.Model.WindowSize;
            if (!few && Age > model.Forecaster.Model.MaximumGap) TooOld++;
            else if (few || MayBeMissing) Without++;
            else throw NotFinite(origin);
            return 0;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!values[i].AsSpan(0, steps).ContainsAny(double.NaN, double.PositiveInfinity, double.NegativeInfinity)) continue;
            throw NotFinite(origin);
        }

        Made++;
        if (steps < model.Forecaster.Model.Horizon) Shortened++;
        if (_last.Length == 0) _last = Array.ConvertAll(values, column => new double[column.Length]);
        for (int i = 0; i < values.Length; i++) values[i].CopyTo(_last[i]);
        _steps = steps;
        return steps;
    }

    /// <summary>Why there is no forecast.</summary>
    public InputException None()
    {
        LstmForecastingModelParameters sizes = model.Forecaster.Model;
        if (TooOld > 0)
        {
            return new InputException(
                $"There is no forecast at row {_row} of {series.Shown}: the last value is that of {series.Label(Math.Max(0, Observed))}, {Age} rows before, and the model forecasts up to {sizes.MaximumGap} rows after a value.",
                $"--from {Math.Max(0, Observed)} forecasts from the last value on; train --max-gap ROWS makes a model that bridges longer gaps.");
        }

        if (series.Rows - _firstValue >= sizes.WindowSize && model.Forecaster.FutureCovariateColumnNames is { Count: > 0 } future && series.RowsWithTargets == series.Rows)
        {
            return new InputException(
                $"There is no forecast at row {_row} of {series.Shown}: the model reads {string.Join(", ", future.Select(name => $"'{name}'"))} of the rows to forecast, and the file has no rows after the last value.",
                "append the rows to forecast, with their times and future covariates and an empty value.");
        }

        return new InputException(
            $"The model forecasts once {sizes.WindowSize} rows have passed, counted from the first value, but {series.Shown} has {series.Rows} rows.",
            "give it more rows of history.");
    }

    /// <summary>
    /// Whether a forecast may be missing for another reason than its values: a pipeline may drop or empty rows before the forecaster, rows of the
    /// future may not be in the file, and the model may not answer for a series that it was not trained on.
    /// </summary>
    private bool MayBeMissing => model.Transformer != model.Forecaster || _readsAhead
        || (series.Name is { } name && !model.Forecaster.Model.SeriesNames.Contains(name));

    private InputException NotFinite(int origin) => new(
        $"The forecast of '{model.Path}' at row {origin} of {series.Shown} is not finite.",
        "values far outside the range that the model was trained on overflow; check the unit of the data.");

    /// <summary>The number of steps up to the last that any column has; all of them, unless rows of the future may be missing.</summary>
    private int StepsOf(double[][] values)
    {
        int last = 0;
        foreach (double[] column in values) last = Math.Max(last, 1 + column.AsSpan().LastIndexOfAnyExcept(double.NaN));
        return last == 0 || _readsAhead ? last : values[0].Length;
    }
}
