using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Models;

/// <summary>Forecasts made at the rows of a series, in the data's unit.</summary>
/// <param name="First">The first row at which they were made.</param>
/// <param name="Horizon">Values of a forecast.</param>
/// <param name="Values">[rows, horizon]: element <c>i * Horizon + h - 1</c> is the forecast of row <c>First + i + h</c>; NaN where there is none.</param>
internal sealed record Forecasts(int First, int Horizon, float[] Values)
{
    /// <summary>Number of rows at which forecasts were made.</summary>
    public int Count => Values.Length / Horizon;

    /// <summary>The forecast made at row <c>First + index</c>.</summary>
    public ReadOnlySpan<float> At(int index) => Values.AsSpan(index * Horizon, Horizon);

    /// <summary>Makes the forecasts of a row and of all after it.</summary>
    /// <exception cref="InputException">The model needs columns that one series does not have.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static Forecasts From(MLContext mlContext, LoadedModel model, TimeSeries series, int first, CancellationToken cancellation)
    {
        var forecaster = model.Forecaster;
        int horizon = forecaster.Model.Horizon;
        var values = new float[checked((series.Rows - first) * horizon)];
        IDataView scored = Score(model, SeriesView.Of(mlContext, forecaster.InputColumnName, series.Values));
        DataViewSchema.Column column = scored.Schema[forecaster.OutputColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        var read = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> forecast = default;
        while (cursor.MoveNext())
        {
            if (cursor.Position < first) continue;
            cancellation.ThrowIfCancellationRequested();
            read(ref forecast);
            forecast.CopyTo(values.AsSpan((int)(cursor.Position - first) * horizon, horizon));
        }

        return new Forecasts(first, horizon, values);
    }

    private static IDataView Score(LoadedModel model, IDataView view)
    {
        try
        {
            return model.Transformer.Transform(view);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InputException(
                $"The model '{model.Path}' needs more than the one series that mlnetclip gives it: {e.Message}",
                "use such a pipeline from C#, with mlContext.Model.Load.", e);
        }
    }
}
