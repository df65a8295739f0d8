using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// Passes the input's rows through and, where a forecast is active, keeps the windows of the rows seen so far, which a
/// row-to-row mapper turns into the forecasts when a getter is called.
/// </summary>
internal sealed class ForecastCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly WindowRow? _window;
    private readonly DataViewRow? _scored;
    private readonly Func<int, bool> _isActive;

    /// <param name="input">The input's cursor; disposed with this one.</param>
    /// <param name="schema">The output schema; the forecasts are its last columns.</param>
    /// <param name="window">Holds the windows over the input's rows; null when no forecast is active.</param>
    /// <param name="isActive">Whether a column of the schema is active.</param>
    public ForecastCursor(DataViewRowCursor input, DataViewSchema schema, WindowRow? window, Func<int, bool> isActive)
    {
        (_input, Schema, _window, _isActive) = (input, schema, window, isActive);
        if (window is null) return;
        IRowToRowMapper mapper = window.Transformer.WindowMapper;
        _scored = mapper.GetRow(window, Enumerable.Range(FirstForecast, schema.Count - FirstForecast).Where(isActive).Select(index => mapper.OutputSchema[schema[index].Name]));
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    private int FirstForecast => _input.Schema.Count;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index >= FirstForecast ? _isActive(column.Index) : _input.IsColumnActive(_input.Schema[column.Index]);

    public override bool MoveNext()
    {
        if (!_input.MoveNext()) return false;
        if (_window is { Cursor: null }) _window.Push();
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index < FirstForecast) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (_window is null || !_isActive(column.Index))
            throw new InvalidOperationException($"Column '{column.Name}' is not active: request it when creating the cursor.");
        ValueGetter<VBuffer<double>> forecast = _scored!.GetGetter<VBuffer<double>>(_scored.Schema[column.Name]);
        return ForecastGetter.Of<TValue>(GetForecast, column);

        void GetForecast(ref VBuffer<double> destination)
        {
            if (Position < 0)
                throw new InvalidOperationException("A forecast can be read after MoveNext has returned true, not before the first row or after the last.");
            forecast(ref destination);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scored?.Dispose();
            _window?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }
}
