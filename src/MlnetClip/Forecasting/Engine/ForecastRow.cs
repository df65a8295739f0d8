using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Forecasting;

/// <summary>The columns of a row, then forecasts.</summary>
/// <param name="input">The row.</param>
/// <param name="scored">The row with the forecasts, in columns of the same names.</param>
/// <param name="schema">The columns of both.</param>
internal sealed class ForecastRow(DataViewRow input, DataViewRow scored, DataViewSchema schema) : DataViewRow
{
    /// <inheritdoc/>
    public override DataViewSchema Schema => schema;

    /// <inheritdoc/>
    public override long Position => scored.Position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => scored.GetIdGetter();

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index < input.Schema.Count
        ? input.GetGetter<TValue>(input.Schema[column.Index])
        : ForecastGetter.Of<TValue>(scored.GetGetter<VBuffer<double>>(scored.Schema[column.Name]), column);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            scored.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
