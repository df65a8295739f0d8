using System.Runtime.InteropServices;
using Microsoft.ML;
using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>
/// Reads the future covariates and the calendar of the rows that follow the present one, with a cursor that runs ahead. It holds, for each series,
/// the rows between the present and the cursor: a horizon where series are interleaved row by row; where they are stored one after
/// the other, the covariates of the rest of the data.
/// </summary>
internal sealed class LookAhead : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ForecastRowReader _reader;
    private readonly LstmForecastingTransformer _transformer;
    private readonly GroupNames _names;
    private readonly List<Queue> _queues = [];
    private readonly int _width, _horizon;
    private bool _ended;

    /// <param name="cursor">A cursor over the rows; disposed with this object.</param>
    /// <param name="transformer">The forecaster.</param>
    public LookAhead(DataViewRowCursor cursor, LstmForecastingTransformer transformer)
    {
        (_cursor, _transformer, _names) = (cursor, transformer, new GroupNames(transformer.Model.Encoder.Groups));
        _reader = new ForecastRowReader(cursor, transformer.Columns, _names, aheadOnly: true);
        WindowLayout layout = transformer.Model.Layout;
        (_width, _horizon) = (layout.Future + layout.Calendar, layout.Horizon);
    }

    /// <summary>Goes on to the next row of a series, which becomes its present.</summary>
    public void Advance(int series)
    {
        while (!_ended && QueueOf(series).Rows(_width) < _horizon + 1) Read();
        QueueOf(series).RemoveFirst(_width);
    }

    /// <summary>Future covariates and calendar of the rows of the horizon that exist, row by row.</summary>
    public ReadOnlySpan<double> RowsAfter(int series) => QueueOf(series).Rows(_width, _horizon);

    /// <inheritdoc/>
    public void Dispose() => _cursor.Dispose();

    private void Read()
    {
        if (!_cursor.MoveNext())
        {
            _ended = true;
            return;
        }

        _reader.Read();
        Queue queue = QueueOf(_reader.Group);
        Span<double> row = queue.Add(_width);
        for (int i = 0; i < _reader.Future.Length; i++) row[i] = queue.Last[i].Fill(_reader.Future[i]);
        if (_width > _reader.Future.Length) Calendar.Write(_transformer.Calendar, _reader.Time, row[_reader.Future.Length..]);
    }

    private Queue QueueOf(int series)
    {
        while (_queues.Count <= series) _queues.Add(new Queue(_width));
        return _queues[series];
    }

    /// <summary>Rows that are read and not yet past.</summary>
    private sealed class Queue(int width)
    {
        private readonly List<double> _values = [];
        private int _first;

        public LastObservation<double>[] Last { get; } = [.. Enumerable.Range(0, width).Select(_ => new LastObservation<double>())];

        public int Rows(int rowWidth) => (_values.Count - _first) / rowWidth;

        public ReadOnlySpan<double> Rows(int rowWidth, int most) => CollectionsMarshal.AsSpan(_values).Slice(_first, Math.Min(Rows(rowWidth), most) * rowWidth);

        public Span<double> Add(int rowWidth)
        {
            CollectionsMarshal.SetCount(_values, _values.Count + rowWidth);
            return CollectionsMarshal.AsSpan(_values)[^rowWidth..];
        }

        public void RemoveFirst(int rowWidth)
        {
            _first += rowWidth;
            if (_first < 1024 || _first < _values.Count / 2) return;
            _values.RemoveRange(0, _first);
            _first = 0;
        }
    }
}
