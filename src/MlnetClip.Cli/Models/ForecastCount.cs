using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Counts forecasts as they are made, and distinguishes "none yet", "the last observation is too old" and "not finite".</summary>
internal sealed class ForecastCount(LoadedModel model, TimeSeries series)
{
    private readonly int _firstValue = Math.Max(0, Array.FindIndex(series.Values, value => !double.IsNaN(value)));
    private double[] _last = [];
    private int _row = -1;
    private int _observed = -1;

    /// <summary>Forecasts made.</summary>
    public int Made { get; private set; }

    /// <summary>Rows without a forecast.</summary>
    public int Without { get; private set; }

    /// <summary>Rows without a forecast, since the last observation is too old.</summary>
    public int TooOld { get; private set; }

    /// <summary>The latest forecast.</summary>
    public IReadOnlyList<double> Last => _last;

    /// <summary>Rows from the last observation to the row of the latest forecast: 0 where that row has a value.</summary>
    public int Age => _row - _observed;

    /// <summary>The row of the last observation up to the latest forecast; -1 for none.</summary>
    public int Observed => _observed;

    /// <summary>Takes a forecast; false where there is none.</summary>
    /// <exception cref="InputException">The forecast is not finite.</exception>
    public bool Add(int origin, ReadOnlySpan<double> values)
    {
        while (_row < origin)
            if (!double.IsNaN(series.Values[++_row])) _observed = _row;
        if (!values.ContainsAnyExcept(double.NaN))
        {
            if (TooFewRows(origin))
            {
                Without++;
                return false;
            }

            if (Age > model.Forecaster.Model.MaximumGap)
            {
                TooOld++;
                return false;
            }

            if (model.Transformer != model.Forecaster) // a pipeline may drop or empty rows before the forecaster
            {
                Without++;
                return false;
            }
        }

        foreach (double value in values)
        {
            if (double.IsFinite(value)) continue;
            throw new InputException(
                $"The forecast of '{model.Path}' at row {origin} of {series.Path} is not finite.",
                "values far outside the range that the model was trained on overflow; check the unit of the data.");
        }

        Made++;
        if (_last.Length != values.Length) _last = new double[values.Length];
        values.CopyTo(_last);
        return true;
    }

    /// <exception cref="InputException">No row had a forecast.</exception>
    public void ThrowIfNone()
    {
        if (Made > 0) return;
        if (TooOld > 0)
        {
            throw new InputException(
                $"There is no forecast at row {_row} of {series.Path}: the last value is that of {series.Label(_observed)}, {Age} rows before, and the model forecasts up to {model.Forecaster.Model.MaximumGap} rows after a value.",
                $"--from {_observed} forecasts from the last value on; train --max-gap ROWS makes a model that bridges longer gaps.");
        }

        throw new InputException(
            $"The model forecasts once {model.Forecaster.Model.WindowSize} rows have passed, counted from the first value, but {series.Path} has {series.Rows} rows.",
            "give it more rows of history.");
    }

    private bool TooFewRows(int origin) => origin - _firstValue + 1 < model.Forecaster.Model.WindowSize;
}
