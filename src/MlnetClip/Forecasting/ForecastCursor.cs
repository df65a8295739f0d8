using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// Passes the input's rows through and, where the forecast is active, keeps the window of the rows seen so far.
/// A forecast is computed when its getter is called, at most once a row.
/// </summary>
internal sealed class ForecastCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly ForecastStream? _stream;
    private readonly string _columnName;
    private readonly ValueGetter<float>? _valueGetter;
    private long _forecastRow = -1;
    private float[] _forecast = [];

    /// <param name="input">The input's cursor; disposed with this one.</param>
    /// <param name="schema">The output schema; the forecast is its last column.</param>
    /// <param name="stream">Holds the window; null when the forecast is not active.</param>
    /// <param name="columnName">The column that is forecast.</param>
    public ForecastCursor(DataViewRowCursor input, DataViewSchema schema, ForecastStream? stream, string columnName)
    {
        (_input, Schema, _stream, _columnName) = (input, schema, stream, columnName);
        if (stream is null) return;
        _valueGetter = input.GetGetter<float>(input.Schema[columnName]);
        _forecast = new float[stream.Horizon];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        IsForecast(column) ? _stream is not null : _input.IsColumnActive(_input.Schema[column.Index]);

    public override bool MoveNext()
    {
        if (!_input.MoveNext()) return false;
        if (_stream is null) return true;
        float value = 0;
        _valueGetter!(ref value);
        _stream.Push(value, _columnName, Position);
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsForecast(column)) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (_stream is null)
            throw new InvalidOperationException($"Column '{column.Name}' is not active: name it among the columns needed when asking for the cursor.");
        ValueGetter<VBuffer<float>> getter = GetForecast;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds VBuffer<float>, but a getter of {typeof(TValue).Name} was asked for.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }

    private bool IsForecast(DataViewSchema.Column column) => column.Index == Schema.Count - 1;

    private void GetForecast(ref VBuffer<float> destination)
    {
        if (Position < 0)
            throw new InvalidOperationException("A forecast can be read after MoveNext has returned true, not before the first row or after the last.");
        if (_forecastRow != Position)
        {
            _stream!.Forecast(_forecast);
            _forecastRow = Position;
        }

        var editor = VBufferEditor.Create(ref destination, _forecast.Length);
        _forecast.CopyTo(editor.Values);
        destination = editor.Commit();
    }
}
