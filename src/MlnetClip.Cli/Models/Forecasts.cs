using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>Takes the forecast made at a row.</summary>
/// <param name="origin">The row, counted from 0.</param>
/// <param name="values">The forecast of the rows after it, in the data's unit; valid during the call. All NaN where there is none yet.</param>
internal delegate void ForecastSink(int origin, ReadOnlySpan<double> values);

/// <summary>Makes a model's forecasts at the rows of a series, one at a time, so that memory does not grow with their number.</summary>
internal static class Forecasts
{
    /// <summary>Makes the forecasts of a row and of all after it.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="series">The series.</param>
    /// <param name="first">The first row at which a forecast is made.</param>
    /// <param name="take">Takes each forecast.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">The model needs columns that one series does not have.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static void Make(MLContext mlContext, LoadedModel model, TimeSeries series, int first, ForecastSink take, CancellationToken cancellation)
    {
        var forecaster = model.Forecaster;
        IDataView scored = Score(model, NeedsSingle(model)
            ? SeriesView.OfSingle(mlContext, forecaster.InputColumnName, series.Values)
            : SeriesView.Of(mlContext, forecaster.InputColumnName, series.Values));
        DataViewSchema.Column column = scored.Schema[forecaster.OutputColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ForecastReader read = Reader(cursor, column);
        var values = new double[forecaster.Model.Horizon];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (cursor.Position < first) continue;
            read(values);
            take((int)cursor.Position, values);
        }
    }

    /// <summary>Copies the forecast at the cursor's row.</summary>
    private delegate void ForecastReader(Span<double> values);

    /// <summary>A forecaster takes columns of both types; what comes before it in a pipeline was fitted on one of them.</summary>
    private static bool NeedsSingle(LoadedModel model) =>
        model.Transformer != model.Forecaster
        && model.Schema?.GetColumnOrNull(model.Forecaster.InputColumnName)?.Type.Equals(NumberDataViewType.Double) != true;

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

    private static IDataView Score(LoadedModel model, IDataView view)
    {
        IDataView scored;
        try
        {
            scored = model.Transformer.Transform(view);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InputException(
                $"The model '{model.Path}' needs more than the one series that mlnetclip provides: {e.Message}",
                "use such a pipeline from C#, with mlContext.Model.Load.", e);
        }

        string column = model.Forecaster.InputColumnName;
        return scored.Schema[column].Index == view.Schema[column].Index
            ? scored
            : throw new InputException(
                $"The pipeline '{model.Path}' changes the column '{column}' itself, so its forecasts are not in the unit of the data.",
                "the forecaster scales by itself: train it without the step that changes the column, or use the pipeline from C#.");
    }
}
