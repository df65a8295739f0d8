using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Counts forecasts as they are made, and distinguishes "no forecast yet" from "not finite".</summary>
internal sealed class ForecastCount(LoadedModel model, TimeSeries series)
{
    private readonly int _firstValue = Math.Max(0, Array.FindIndex(series.Values, value => !float.IsNaN(value)));
    private float[] _last = [];

    /// <summary>Forecasts made.</summary>
    public int Made { get; private set; }

    /// <summary>Rows without a forecast, since too few rows have passed.</summary>
    public int Without { get; private set; }

    /// <summary>The latest forecast.</summary>
    public IReadOnlyList<float> Last => _last;

    /// <summary>Takes a forecast; false where there is none yet.</summary>
    /// <exception cref="InputException">The forecast is not finite.</exception>
    public bool Add(int origin, ReadOnlySpan<float> values)
    {
        if (NoneYet(origin, values))
        {
            Without++;
            return false;
        }

        foreach (float value in values)
        {
            if (float.IsFinite(value)) continue;
            throw new InputException(
                $"The forecast of '{model.Path}' at row {origin} of {series.Path} is not finite.",
                "values far outside the range that the model was trained on overflow; check the unit of the data.");
        }

        Made++;
        if (_last.Length != values.Length) _last = new float[values.Length];
        values.CopyTo(_last);
        return true;
    }

    /// <exception cref="InputException">No row had a forecast.</exception>
    public void ThrowIfNone()
    {
        if (Made > 0) return;
        throw new InputException(
            $"The model forecasts once {model.Forecaster.Model.WindowSize} rows have passed, counted from the first value, but {series.Path} has {series.Rows} rows.",
            "give it more rows of history.");
    }

    // A pipeline may drop or empty rows before the forecaster; a forecaster alone has a forecast once a window has passed.
    private bool NoneYet(int origin, ReadOnlySpan<float> values) =>
        !values.ContainsAnyExcept(float.NaN)
        && (model.Transformer != model.Forecaster || origin - _firstValue + 1 < model.Forecaster.Model.WindowSize);
}
