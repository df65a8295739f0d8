using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Forecasting;

/// <summary>The input's rows with the forecast column appended. Rows are read in order, and forecasts are computed when they are read.</summary>
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
        + "Hint: save the model with MLContext.Model.Save, or export only the steps before the forecaster.";

    /// <summary>False: a forecast depends on the rows before its own.</summary>
    public bool CanShuffle => false;

    /// <summary>The input's columns at their places, then the forecast.</summary>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => Source.GetRowCount();

    /// <summary>A cursor in row order; <paramref name="rand"/> is not used.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var (inputs, forecast) = Split(columnsNeeded);
        return Wrap(Source.GetRowCursor(inputs), forecast);
    }

    /// <summary>One cursor when the forecast is needed, because rows must be read in order; otherwise as many as the input creates.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var (inputs, forecast) = Split(columnsNeeded);
        return forecast
            ? [Wrap(Source.GetRowCursor(inputs), forecast)]
            : Array.ConvertAll(Source.GetRowCursorSet(inputs, n), cursor => Wrap(cursor, forecast));
    }

    private ForecastCursor Wrap(DataViewRowCursor input, bool forecast) =>
        new(input, Schema, forecast ? new WindowRow(input, _transformer) : null);

    private (List<DataViewSchema.Column> Inputs, bool Forecast) Split(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var indices = new SortedSet<int>(columnsNeeded.Select(column => column.Index));
        bool forecast = indices.Remove(Schema.Count - 1);
        if (forecast) indices.Add(Source.Schema[_transformer.InputColumnName].Index);
        return (indices.Select(index => Source.Schema[index]).ToList(), forecast);
    }
}
