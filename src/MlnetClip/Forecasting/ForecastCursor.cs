using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// Passes the input's rows through and, where the forecast is active, keeps the window of the rows seen so far, which a
/// row-to-row mapper turns into the forecast when its getter is called.
/// </summary>
internal sealed class ForecastCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly WindowRow? _window;
    private readonly DataViewRow? _scored;
    private readonly ValueGetter<VBuffer<double>>? _readForecast;
    private readonly bool _isDouble;
    private VBuffer<double> _forecast;

    /// <param name="input">The input's cursor; disposed with this one.</param>
    /// <param name="schema">The output schema; the forecast is its last column.</param>
    /// <param name="window">Holds the window over the input's rows; null when the forecast is not active.</param>
    public ForecastCursor(DataViewRowCursor input, DataViewSchema schema, WindowRow? window)
    {
        (_input, Schema, _window) = (input, schema, window);
        if (window is null) return;
        IRowToRowMapper mapper = window.Transformer.WindowMapper;
        DataViewSchema.Column forecast = mapper.OutputSchema[window.Transformer.OutputColumnName];
        _scored = mapper.GetRow(window, [forecast]);
        _readForecast = _scored.GetGetter<VBuffer<double>>(forecast);
        _isDouble = ((VectorDataViewType)schema[schema.Count - 1].Type).ItemType.Equals(NumberDataViewType.Double);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        IsForecast(column) ? _window is not null : _input.IsColumnActive(_input.Schema[column.Index]);

    public override bool MoveNext()
    {
        if (!_input.MoveNext()) return false;
        _window?.Push();
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsForecast(column)) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (_window is null)
            throw new InvalidOperationException($"Column '{column.Name}' is not active: request it when creating the cursor.");
        Delegate getter = _isDouble ? (ValueGetter<VBuffer<double>>)GetForecast : (ValueGetter<VBuffer<float>>)GetSingleForecast;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds VBuffer<{(_isDouble ? "double" : "float")}>, but a getter of {typeof(TValue).Name} was requested.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scored?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool IsForecast(DataViewSchema.Column column) => column.Index == Schema.Count - 1;

    private void GetSingleForecast(ref VBuffer<float> destination)
    {
        GetForecast(ref _forecast);
        ReadOnlySpan<double> values = _forecast.GetValues();
        var editor = VBufferEditor.Create(ref destination, values.Length);
        for (int h = 0; h < values.Length; h++) editor.Values[h] = (float)values[h];
        destination = editor.Commit();
    }

    private void GetForecast(ref VBuffer<double> destination)
    {
        if (Position < 0)
            throw new InvalidOperationException("A forecast can be read after MoveNext has returned true, not before the first row or after the last.");
        _readForecast!(ref destination);
    }
}
