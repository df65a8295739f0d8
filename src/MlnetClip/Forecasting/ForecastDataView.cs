using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>The input's rows with the forecast column appended. Rows are read in order and forecasts computed when asked for.</summary>
internal sealed class ForecastDataView : IDataView
{
    private readonly LstmForecastingTransformer _transformer;
    private readonly IDataView _input;

    public ForecastDataView(LstmForecastingTransformer transformer, IDataView input)
    {
        (_transformer, _input) = (transformer, input);
        Schema = transformer.GetOutputSchema(input.Schema);
    }

    /// <summary>False: a forecast depends on the rows before its own.</summary>
    public bool CanShuffle => false;

    /// <summary>The input's columns at their places, then the forecast.</summary>
    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _input.GetRowCount();

    /// <summary>A cursor in row order; <paramref name="rand"/> is not used.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var (inputs, forecast) = Split(columnsNeeded);
        return Wrap(_input.GetRowCursor(inputs), forecast);
    }

    /// <summary>One cursor when the forecast is needed, since rows must pass in order; otherwise as many as the input gives.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var (inputs, forecast) = Split(columnsNeeded);
        return forecast
            ? [Wrap(_input.GetRowCursor(inputs), forecast)]
            : Array.ConvertAll(_input.GetRowCursorSet(inputs, n), cursor => Wrap(cursor, forecast));
    }

    private ForecastCursor Wrap(DataViewRowCursor input, bool forecast) =>
        new(input, Schema, forecast ? _transformer.CreateStream() : null, _transformer.InputColumnName);

    private (List<DataViewSchema.Column> Inputs, bool Forecast) Split(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var indices = new SortedSet<int>(columnsNeeded.Select(column => column.Index));
        bool forecast = indices.Remove(Schema.Count - 1);
        if (forecast) indices.Add(_input.Schema[_transformer.InputColumnName].Index);
        return (indices.Select(index => _input.Schema[index]).ToList(), forecast);
    }
}
