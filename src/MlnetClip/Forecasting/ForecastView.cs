using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Forecasting;

/// <summary>The input's rows with the forecast columns appended. Rows are read in order and up to 64 rows ahead, and forecasts are computed when they are read, several at once.</summary>
internal sealed class ForecastView : ITransformView
{
    private readonly LstmForecastingTransformer _transformer;

    public ForecastView(LstmForecastingTransformer transformer, IDataView input)
    {
        (_transformer, Source) = (transformer, input);
        Schema = transformer.GetOutputSchema(input.Schema);
    }

    /// <inheritdoc/>
    public IDataView Source { get; }

    /// <inheritdoc/>
    public string OnnxProblem =>
        $"The forecaster of column '{_transformer.InputColumnName}' cannot be part of an ONNX model: a forecast depends on several rows, "
        + $"namely the {_transformer.Model.WindowSize} rows up to it.{Environment.NewLine}"
        + "Hint: 'mlnetclip export', or in C# MLContext.Model.ExportToOnnx of the package MlnetClip.Onnx, writes an ONNX model from a window to the forecast.";

    /// <summary>False: a forecast depends on the rows before its own.</summary>
    public bool CanShuffle => false;

    /// <summary>The input's columns at their places, then the forecasts.</summary>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => Source.GetRowCount();

    /// <summary>A cursor in row order; <paramref name="rand"/> is not used.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var (inputs, active) = Split(columnsNeeded);
        return Wrap(Source.GetRowCursor(inputs), active);
    }

    /// <summary>One cursor when a forecast is needed, because rows must be read in order; otherwise as many as the input creates.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var (inputs, active) = Split(columnsNeeded);
        return active.Count > 0
            ? [Wrap(Source.GetRowCursor(inputs), active)]
            : Array.ConvertAll(Source.GetRowCursorSet(inputs, n), cursor => Wrap(cursor, active));
    }

    private ForecastCursor Wrap(DataViewRowCursor input, HashSet<int> active)
    {
        if (active.Count == 0) return new ForecastCursor(input, Schema, null, active.Contains);
        var cursor = new ReadAheadCursor(input);
        WindowRow? window = null;
        try
        {
            window = new WindowRow(input, _transformer, cursor, names => Source.GetRowCursor(ForecastColumns.Select(Source.Schema, names)));
            return new ForecastCursor(cursor, Schema, window, active.Contains);
        }
        catch
        {
            window?.Dispose();
            cursor.Dispose();
            throw;
        }
    }

    private (List<DataViewSchema.Column> Inputs, HashSet<int> Active) Split(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        int first = Source.Schema.Count;
        var indices = new SortedSet<int>(columnsNeeded.Select(column => column.Index));
        HashSet<int> active = [.. indices.Where(index => index >= first)];
        indices.ExceptWith(active);
        if (active.Count > 0) indices.UnionWith(_transformer.Columns.All.Select(name => Source.Schema[name].Index));
        return ([.. indices.Select(index => Source.Schema[index])], active);
    }
}
