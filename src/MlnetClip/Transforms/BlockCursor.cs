using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Transforms;

/// <summary>A row for each block of the input's rows.</summary>
/// <param name="input">The input's cursor; disposed with this one.</param>
/// <param name="schema">The output schema.</param>
/// <param name="blocks">Makes the blocks.</param>
/// <param name="getters">A getter for each column; null for one that is not active.</param>
internal sealed class BlockCursor(DataViewRowCursor input, DataViewSchema schema, IRowBlocks blocks, Delegate?[] getters) : DataViewRowCursor
{
    private long _position = -1;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override DataViewSchema Schema => schema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => getters[column.Index] is not null;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (!_isAtEnd && blocks.MoveNext())
        {
            _position++;
            return true;
        }

        (_isAtEnd, _position) = (true, -1);
        return false;
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row(), 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter = getters[column.Index]
            ?? throw new InvalidOperationException($"Column '{column.Name}' is not active: request it when creating the cursor.");
        ValueGetter<TValue> read = getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, but a getter of {typeof(TValue).Name} was requested.");
        return (ref TValue value) =>
        {
            Row();
            read(ref value);
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }

    private long Row() => _position >= 0
        ? _position
        : throw new InvalidOperationException("A value can be read after MoveNext has returned true, not before the first row or after the last.");
}
