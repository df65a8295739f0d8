using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>A row whose one column is the window that an engine forecasts from.</summary>
/// <param name="forecaster">The forecaster.</param>
internal sealed class CurrentWindow(LstmForecastingTransformer forecaster) : DataViewRow
{
    private readonly double[] _vector = new double[forecaster.Model.Layout.Length];
    private long _position;

    /// <inheritdoc/>
    public override DataViewSchema Schema => forecaster.WindowMapper.InputSchema;

    /// <summary>Another number after each change, so that the forecast is computed again.</summary>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <summary>Sets the window to that of a series, which is missing where no row of it has been seen.</summary>
    public void Set(SeriesWindows windows, int series, ReadOnlySpan<double> ahead)
    {
        if (series >= 0 && windows.Of(series) is not null) windows.CopyTo(series, _vector, ahead);
        else _vector.AsSpan().Fill(double.NaN);
        _position++;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<double>> getter = (ref VBuffer<double> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, _vector.Length);
            _vector.CopyTo(editor.Values);
            destination = editor.Commit();
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds VBuffer<double>, but a getter of {typeof(TValue).Name} was requested.");
    }
}
