namespace MlnetClip.Scoring;

/// <summary>
/// Which rows of a block to predict together: the current one and those after it, at most about twice as many as were read one after the other before, so that little is computed
/// that nobody reads.
/// </summary>
/// <param name="cursor">The cursor, which reads ahead.</param>
internal sealed class AheadRange(ReadAheadCursor cursor)
{
    private long _block = -1, _last = -1, _run;
    private int _end;

    /// <summary>The first row that is predicted.</summary>
    public int First { get; private set; }

    /// <summary>Notes that the current row is read.</summary>
    /// <param name="end">The row after the last that is to be predicted; the first is <see cref="First"/>.</param>
    /// <returns>False when the current row is predicted already.</returns>
    public bool MustPredict(out int end)
    {
        int row = cursor.Index;
        if (cursor.Row != _last)
        {
            _run = cursor.Row == _last + 1 ? _run + 1 : 1;
            _last = cursor.Row;
        }

        end = (int)Math.Min(row + Math.Max(1, 2 * (_run - 1)), cursor.Rows);
        if (cursor.Block == _block && row >= First && row < _end) return false;
        (_block, First, _end) = (cursor.Block, row, row);
        return true;
    }

    /// <summary>Notes that the rows from <see cref="First"/> to <paramref name="end"/> are predicted.</summary>
    public void Predicted(int end) => _end = end;
}
