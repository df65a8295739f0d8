namespace MlnetClip.Reports.Evaluation;

/// <summary>One series of scored data: the errors of the next row, and its last rows where they are kept.</summary>
/// <param name="name">Its name; empty for a single one.</param>
/// <param name="most">The largest number of rows that are kept, the last ones.</param>
internal sealed class ForecastSeries(string name, int most)
{
    private readonly Queue<ForecastRow> _rows = [];
    private readonly List<double> _errors = [];
    private double _next = double.NaN;

    /// <summary>Its name; empty for a single one.</summary>
    public string Name => name;

    /// <summary>The rows that are kept, in order.</summary>
    public IReadOnlyList<ForecastRow> Rows => [.. _rows];

    /// <summary>The number of all rows.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the first row whose forecast is evaluated; that of all rows where there is none.</summary>
    public int FirstEvaluated { get; private set; }

    /// <summary>Forecast minus actual value of each row whose forecast was made at the row before it.</summary>
    public IReadOnlyList<double> Errors => _errors;

    /// <summary>Whether rows are kept.</summary>
    public bool IsKept => most > 0;

    /// <summary>Adds the next row.</summary>
    public void Add(ForecastRow row)
    {
        if (double.IsFinite(_next - row.Actual)) _errors.Add(_next - row.Actual);
        _next = row is { IsEvaluated: true, Forecast.Length: > 0 } ? row.Forecast[0] : double.NaN;
        if (FirstEvaluated == Count && !row.IsEvaluated) FirstEvaluated++;
        Count++;
        if (most == 0) return;
        if (_rows.Count == most) _rows.Dequeue();
        _rows.Enqueue(row);
    }
}
