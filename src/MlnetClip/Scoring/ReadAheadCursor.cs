using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Scoring;

/// <summary>
/// Passes rows through. Once <see cref="TryReadAhead"/> was called, it reads a block of rows ahead and keeps their values, so that the network can predict several sequences at
/// once. Blocks have 1, 2, 4, ... 64 rows: no more rows are read ahead than were asked for before.
/// </summary>
/// <param name="input">The rows; disposed with this cursor.</param>
internal sealed class ReadAheadCursor(DataViewRowCursor input) : DataViewRowCursor
{
    private const int MostRows = 64;
    private const int MostValues = 1 << 20; // of a block

    private readonly DataViewRowId[] _ids = new DataViewRowId[MostRows];
    private readonly long[] _positions = new long[MostRows], _batches = new long[MostRows];
    private RowBuffer?[]? _columns; // by index; null while rows are passed through
    private ValueGetter<DataViewRowId>? _readId;
    private Func<int, int>? _readRow;
    private ExceptionDispatchInfo? _error;
    private int _index = -1, _size;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override DataViewSchema Schema => input.Schema;

    /// <inheritdoc/>
    public override long Position => _columns is null ? input.Position : _index < 0 ? -1 : _positions[_index];

    /// <inheritdoc/>
    public override long Batch => _columns is null || _index < 0 ? input.Batch : _batches[_index];

    /// <summary>The number of the block.</summary>
    public long Block { get; private set; }

    /// <summary>Rows of the block.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of the current row, from 0.</summary>
    public long Row { get; private set; } = -1;

    /// <summary>The current row in the block.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int Index => _index >= 0 ? _index : throw new InvalidOperationException("A value can be read after MoveNext has returned true, not before the first row or after the last.");

    /// <summary>The position of a row of the block.</summary>
    public long PositionOf(int row) => _positions[row];

    /// <summary>The vectors of a column in the rows of the block.</summary>
    public VBuffer<T>[] VectorsOf<T>(DataViewSchema.Column column) => ((RowBuffer.Vectors<T>)_columns![column.Index]!).Rows;

    /// <summary>Begins to read ahead; to be called before the first row, and before getters are created.</summary>
    /// <param name="readRow">Is called for each row while the input stands at it, with its number in the block; returns the number of values that it keeps.</param>
    /// <returns>False where an active column cannot be kept; rows are then passed through.</returns>
    public bool TryReadAhead(Func<int, int>? readRow = null)
    {
        if (_columns is not null) return true;
        if (input.Position >= 0) return false;
        foreach (DataViewSchema.Column column in Schema)
            if (input.IsColumnActive(column) && !RowBuffer.CanKeep(column.Type)) return false;
        (_readId, _readRow) = (input.GetIdGetter(), readRow);
        _columns = [.. Schema.Select(column => input.IsColumnActive(column) ? RowBuffer.Of(input, column, MostRows) : null)];
        return true;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_columns is null) return input.MoveNext();
        if (++_index >= Rows)
        {
            _index = -1;
            Fill();
            if (Rows == 0) return false;
            _index = 0;
        }

        Row++;
        return true;
    }

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (_columns is null || column.Index >= _columns.Length || _columns[column.Index] is not { } buffer) return input.GetGetter<TValue>(column);
        return buffer.GetterOf(() => Index) as ValueGetter<TValue> ?? input.GetGetter<TValue>(column); // throws where the type is another one
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _columns is null ? input.GetIdGetter() : (ref DataViewRowId id) => id = _ids[Index];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Reads the next block. An error in a row that is not the first ends the block before it, and is thrown when that row is reached.</summary>
    private void Fill()
    {
        Block++;
        Rows = 0;
        if (Interlocked.Exchange(ref _error, null) is { } error) error.Throw();
        _size = Math.Clamp(2 * _size, 1, MostRows);
        for (int values = 0; Rows < _size && values < MostValues && !_isAtEnd; Rows++)
        {
            try
            {
                _isAtEnd = !input.MoveNext();
                if (_isAtEnd) return;
                values += Read(Rows);
            }
            catch (Exception e) when (Rows > 0)
            {
                _error = ExceptionDispatchInfo.Capture(e);
                return;
            }
        }
    }

    private int Read(int row)
    {
        int values = _readRow?.Invoke(row) ?? 0;
        foreach (RowBuffer? column in _columns!) values += column?.Read(row) ?? 0;
        _readId!(ref _ids[row]);
        (_positions[row], _batches[row]) = (input.Position, input.Batch);
        return values;
    }
}
