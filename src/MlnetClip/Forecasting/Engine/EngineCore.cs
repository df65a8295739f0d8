using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>The rows of an engine: takes the current example into the windows, and forecasts. Not safe for calls from several threads at a time.</summary>
internal sealed class EngineCore : IDisposable
{
    private readonly EngineSteps _steps;
    private readonly CurrentWindow _window;
    private readonly ForecastRowReader _reader, _futureReader;
    private readonly DataViewRow _futureRow;
    private readonly List<double[]> _future = [];
    private readonly double[] _ahead;
    private readonly SeriesWindows _windows;
    private int _last;

    /// <param name="steps">The model.</param>
    /// <param name="example">The row of observations; disposed with this object.</param>
    /// <param name="future">The row of future covariates; disposed with this object.</param>
    /// <param name="state">The state to continue from; null to begin without rows.</param>
    public EngineCore(EngineSteps steps, DataViewRow example, DataViewRow future, (SeriesWindows Windows, int Last)? state)
    {
        _steps = steps;
        LstmForecastingTransformer forecaster = steps.Forecaster;
        (_windows, _last) = state ?? (new SeriesWindows(forecaster), -1);
        DataViewRow row = steps.Before(example);
        _futureRow = steps.Before(future);
        DataViewSchema schema = forecaster.GetOutputSchema(row.Schema); // checks the columns
        _reader = new ForecastRowReader(row, forecaster.Columns, _windows.Names);
        _futureReader = new ForecastRowReader(_futureRow, forecaster.Columns, _windows.Names, aheadOnly: true);
        _window = new CurrentWindow(forecaster);
        IRowToRowMapper mapper = forecaster.WindowMapper;
        Output = steps.After(new ForecastRow(row, mapper.GetRow(_window, mapper.OutputSchema), schema));
        _ahead = new double[forecaster.Model.Horizon * (forecaster.Model.Layout.Future + forecaster.Model.Layout.Calendar)];
    }

    /// <summary>The row with everything that the model computes.</summary>
    public DataViewRow Output { get; }

    /// <summary>Whether the forecaster reads rows of the horizon.</summary>
    public bool ReadsFuture => _steps.Forecaster.Model.Layout.ReadsHorizon;

    /// <summary>Forgets the rows of the horizon.</summary>
    public void ClearFuture() => _future.Clear();

    /// <summary>Takes the current future example as the next row of the horizon.</summary>
    /// <param name="series">The series that it must belong to.</param>
    /// <param name="before">The time of the row before it.</param>
    /// <exception cref="ArgumentException">It belongs to another series.</exception>
    /// <exception cref="InvalidDataException">A value is infinite, or the time goes backwards.</exception>
    public DateTime AddFuture(int series, DateTime before)
    {
        LstmForecastingTransformer forecaster = _steps.Forecaster;
        if (_future.Count == forecaster.Model.Horizon) throw new ArgumentException($"There must be at most {forecaster.Model.Horizon} future rows, one for each row of the horizon, but there are more.");
        _futureReader.Read();
        if (_futureReader.Group != series) throw new ArgumentException($"The future rows must belong to the series '{NameOf(series)}', but one belongs to '{NameOf(_futureReader.Group)}'.");
        _futureReader.CheckOrder(before);
        var row = new double[forecaster.Model.Layout.Future + forecaster.Model.Layout.Calendar];
        _futureReader.Future.CopyTo(row, 0);
        if (forecaster.Model.Layout.Calendar > 0) Calendar.Write(forecaster.Calendar, _futureReader.Time, row.AsSpan(_futureReader.Future.Length));
        _future.Add(row);
        return _futureReader.Time;
    }

    /// <summary>The series of the current example and its time, checked as far as can be without taking it.</summary>
    public (int Series, DateTime Time) Peek()
    {
        _reader.Read();
        return (_reader.Group, _reader.Time);
    }

    /// <summary>Takes the current example, which <see cref="Peek"/> has read.</summary>
    public void Observe()
    {
        _windows.Push(_reader);
        _last = _reader.Group;
    }

    /// <summary>Makes the forecast of a series the current output.</summary>
    /// <param name="series">The series; -1 for one without rows.</param>
    public void Select(int series)
    {
        int width = _steps.Forecaster.Model.Layout.Future + _steps.Forecaster.Model.Layout.Calendar;
        LastObservation<double>[] last = series >= 0 && _windows.Of(series) is { } window ? window.LastFuture() : [];
        for (int h = 0; h < _future.Count && last.Length > 0; h++)
        {
            _future[h].CopyTo(_ahead, h * width);
            for (int i = 0; i < last.Length; i++) _ahead[(h * width) + i] = last[i].Fill(_future[h][i]);
        }

        _window.Set(_windows, series, _ahead.AsSpan(0, _future.Count * width));
    }

    /// <summary>The series that was observed last and the time of its last row; -1 for none.</summary>
    public (int Series, DateTime Time) Last() => (_last, _last < 0 ? default : _windows.Of(_last)!.Time);

    /// <summary>A series by its name and the time of its last row.</summary>
    /// <exception cref="ArgumentException">No row of it has been seen.</exception>
    public (int Series, DateTime Time) Find(string name)
    {
        for (int series = 0; series < _windows.Names.Names.Count; series++)
            if (NameOf(series) == name && _windows.Of(series) is { } window) return (series, window.Time);
        throw new ArgumentException($"seriesName must be a series of which a row has been observed, but was '{name}'.", nameof(name));
    }

    /// <summary>Writes the state.</summary>
    public void Save(Stream stream) => EngineState.Write(stream, _steps.Forecaster, _windows, _last);

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        _futureRow.Dispose();
    }

    private string NameOf(int series) => series < 0 ? "" : _windows.Names.Names[series];
}
