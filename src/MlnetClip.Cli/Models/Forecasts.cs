using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Takes the forecast made at a row of a series.</summary>
/// <param name="series">The series, from 0.</param>
/// <param name="origin">The row of the series, counted from 0.</param>
/// <param name="values">For each column of the model the forecast of the rows after it, in the data's unit; valid during the call. NaN where there is none.</param>
internal delegate void ForecastSink(int series, int origin, double[][] values);

/// <summary>Makes a model's forecasts at the rows of a file, one at a time, so that memory does not grow with their number.</summary>
internal static class Forecasts
{
    /// <summary>Makes forecasts in the order of the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="table">The rows.</param>
    /// <param name="first">For each series the first row at which a forecast is made.</param>
    /// <param name="take">Takes each forecast.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">The model needs columns that the file does not have.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static void Make(LoadedModel model, SeriesTable table, IReadOnlyList<int> first, ForecastSink take, CancellationToken cancellation)
    {
        LstmForecastingTransformer forecaster = model.Forecaster;
        SeriesColumns columns = ModelColumns.Of(forecaster);

        // A forecaster takes columns of several types; what comes before it in a pipeline was fitted on one of them.
        IDataView scored = Score(model, SeriesView.Of(table, columns, model.Transformer != forecaster && model.Schema is { } fitted ? fitted : null), columns);
        DataViewSchema.Column[] outputs = [.. forecaster.OutputColumnNames.Select(name => scored.Schema[name])];
        using DataViewRowCursor cursor = scored.GetRowCursor(outputs);
        ForecastReader[] readers = Array.ConvertAll(outputs, column => Reader(cursor, column));
        int[] history = [.. table.Series.Select(table.History)];
        double[][] values = Array.ConvertAll(outputs, _ => new double[forecaster.Model.Horizon]);
        try
        {
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                int series = table.SeriesOfRow[cursor.Position], row = table.RowOfSeries[cursor.Position];
                if (row < first[series] || row >= history[series]) continue;
                for (int i = 0; i < readers.Length; i++) readers[i](values[i]);
                take(series, row, values);
            }
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{table.Path}: {e.Message}", inner: e); // as an unseen series, where the model refuses them
        }
    }

    /// <summary>Copies the forecast at the cursor's row.</summary>
    private delegate void ForecastReader(Span<double> values);

    private static ForecastReader Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (((VectorDataViewType)column.Type).ItemType.Equals(NumberDataViewType.Double))
        {
            var read = row.GetGetter<VBuffer<double>>(column);
            VBuffer<double> forecast = default;
            return values =>
            {
                read(ref forecast);
                forecast.CopyTo(values);
            };
        }

        var readSingle = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> single = default;
        return values =>
        {
            readSingle(ref single);
            int h = 0;
            foreach (float value in single.DenseValues()) values[h++] = value;
        };
    }

    private static IDataView Score(LoadedModel model, IDataView view, SeriesColumns columns)
    {
        IDataView scored;
        try
        {
            scored = model.Transformer.Transform(view);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InputException(
                $"The model '{model.Path}' needs more than the columns that mlnetclip provides: {e.Message}",
                "use such a pipeline from C#, with mlContext.Model.Load.", e);
        }

        foreach (string column in columns.Targets)
        {
            if (scored.Schema[column].Index == view.Schema[column].Index) continue;
            throw new InputException(
                $"The pipeline '{model.Path}' changes the column '{column}' itself, so its forecasts are not in the unit of the data.",
                "the forecaster scales by itself: train it without the step that changes the column, or use the pipeline from C#.");
        }

        return scored;
    }
}
