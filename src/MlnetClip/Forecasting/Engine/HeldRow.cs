using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Forecasting;

/// <summary>
/// Copies of the values of an engine's observation, so that it does not matter what becomes of the user's object, and of the observation before it, for the case that the new one is refused.
/// Values of types that cannot be copied, such as images, are read from the row when they are needed.
/// </summary>
/// <param name="row">The row of the current observation; disposed with this object.</param>
internal sealed class HeldRow(DataViewRow row) : DataViewRow
{
    private readonly RowBuffer?[] _columns = new RowBuffer?[row.Schema.Count]; // of those that are read, each with two values
    private int _current, _kept;
    private long _position;

    /// <inheritdoc/>
    public override DataViewSchema Schema => row.Schema;

    /// <summary>Another number after each change, so that what depends on the values is computed again.</summary>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <summary>Copies the values of the row, which are then the current ones; those of the last call of <see cref="Keep"/> stay.</summary>
    public void Read()
    {
        _current = 1 - _kept;
        _position++;
        foreach (RowBuffer? column in _columns) column?.Read(_current);
    }

    /// <summary>Takes the current values as those to return to.</summary>
    public void Keep() => _kept = _current;

    /// <summary>Returns to the values of the last call of <see cref="Keep"/>.</summary>
    public void Restore()
    {
        _current = _kept;
        _position++;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!RowBuffer.CanKeep(column.Type)) return row.GetGetter<TValue>(column);
        RowBuffer buffer = _columns[column.Index] ??= Of(column);
        return buffer.GetterOf(() => _current) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType.Name}, but a getter of {typeof(TValue).Name} was requested.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) row.Dispose();
        base.Dispose(disposing);
    }

    private RowBuffer Of(DataViewSchema.Column column)
    {
        RowBuffer buffer = RowBuffer.Of(row, column, rows: 2);
        for (int i = 0; i < 2 && row.Position >= 0; i++) buffer.Read(i);
        return buffer;
    }
}
