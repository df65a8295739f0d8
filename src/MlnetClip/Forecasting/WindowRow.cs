using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// The state between rows: a row whose one column is the window of the series that ends at the input's row. It is NaN while
/// fewer rows than a window have been seen, and where the last observation is too old.
/// </summary>
internal sealed class WindowRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly ValueGetter<double> _readValue;
    private readonly SlidingWindow _window;
    private readonly string _columnName;
    private readonly int _size;

    /// <param name="input">The row of the series; it changes as its cursor moves.</param>
    /// <param name="transformer">The forecaster.</param>
    public WindowRow(DataViewRow input, LstmForecastingTransformer transformer)
    {
        (_input, _columnName, _size) = (input, transformer.InputColumnName, transformer.Model.WindowSize);
        (Transformer, Schema) = (transformer, transformer.WindowMapper.InputSchema);
        _readValue = SeriesReader.Getter(input, input.Schema[_columnName]);
        _window = new SlidingWindow(_size, transformer.Model.MaximumGap);
    }

    /// <summary>The forecaster.</summary>
    public LstmForecastingTransformer Transformer { get; }

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public override long Position => _input.Position;

    /// <inheritdoc/>
    public override long Batch => _input.Batch;

    /// <summary>Takes the row that the input moved to; to be called once for each row.</summary>
    /// <exception cref="InvalidDataException">The row's value is infinite, or too large.</exception>
    public void Push()
    {
        double value = 0;
        _readValue(ref value);
        _window.Push(value, _columnName, Position);
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<double>> getter = GetWindow;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds VBuffer<double>, but a getter of {typeof(TValue).Name} was requested.");
    }

    private void GetWindow(ref VBuffer<double> destination)
    {
        var editor = VBufferEditor.Create(ref destination, _size);
        if (_window.IsReady) _window.Values.CopyTo(editor.Values);
        else editor.Values.Fill(double.NaN);
        destination = editor.Commit();
    }
}
