using Microsoft.ML;

namespace MlnetClip.Transforms;

/// <summary>Groups of rows, one at a time where their rows are next to each other, otherwise all at once.</summary>
/// <param name="input">The cursor of the rows.</param>
/// <param name="rows">Holds the rows.</param>
/// <param name="group">The column of groups.</param>
/// <param name="order">The column to sort by; null for the order of the rows.</param>
/// <param name="grouping">Where the rows of a group are.</param>
internal sealed class Groups(DataViewRowCursor input, RowSet rows, DataViewSchema.Column group, DataViewSchema.Column? order, RowGrouping grouping) : IRowBlocks
{
    private readonly GroupReader _groups = GroupReader.Open(input, group);
    private readonly RowBuffer? _order = order is { } column ? rows[column] : null;
    private readonly List<int> _block = [];
    private List<List<int>>? _all;
    private int _next;
    private bool _isOnNextGroup, _isAtEnd;

    /// <summary>The rows of the current group in their order, by their place among the rows that are held.</summary>
    public IReadOnlyList<int> Rows => _block;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A group occurs again, or a group or an order is missing.</exception>
    public bool MoveNext() => grouping == RowGrouping.Adjacent ? ReadNext() : TakeNext();

    private bool ReadNext()
    {
        if (_isAtEnd || (!_isOnNextGroup && !input.MoveNext())) return false;
        int current = _groups.Read();
        if (current < _next)
        {
            throw new InvalidDataException(
                $"The rows of a group must be next to each other, but group '{_groups.Describe(current)}' of column '{group.Name}' occurs again at row {input.Position} (from 0)."
                + $"{Environment.NewLine}Hint: sort the rows by group, or set Grouping to AnyOrder, which holds all rows in memory.");
        }

        _next = current + 1;
        rows.Clear();
        _block.Clear();
        do
        {
            _block.Add(Append());
            _isAtEnd = !input.MoveNext();
            _isOnNextGroup = !_isAtEnd && _groups.Read() != current;
        }
        while (!_isAtEnd && !_isOnNextGroup);
        Sort(_block);
        return true;
    }

    private bool TakeNext()
    {
        if (_all is null)
        {
            _all = [];
            while (input.MoveNext())
            {
                int current = _groups.Read();
                if (current == _all.Count) _all.Add([]);
                _all[current].Add(Append());
            }
        }

        if (_next == _all.Count) return false;
        _block.Clear();
        _block.AddRange(_all[_next++]);
        Sort(_block);
        return true;
    }

    private int Append()
    {
        rows.Append();
        int row = rows.Count - 1;
        if (_order is not null && _order.IsMissing(row))
            throw new InvalidDataException($"Order column '{order!.Value.Name}' must have a value in every row, but row {input.Position} (from 0) has NaN or a missing key.");
        return row;
    }

    /// <summary>Equal rows keep their order.</summary>
    private void Sort(List<int> block) => block.Sort((first, second) => _order?.Compare(first, second) is { } order and not 0 ? order : first.CompareTo(second));
}
