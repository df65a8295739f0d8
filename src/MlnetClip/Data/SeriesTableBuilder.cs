using Microsoft.ML;

namespace MlnetClip.Data;

/// <summary>Reads training rows, and validation rows that follow them, into a <see cref="SeriesTable"/>.</summary>
/// <param name="columns">The columns to read; they exist and have legal types.</param>
/// <param name="cancellation">Stops the reading.</param>
internal sealed class SeriesTableBuilder(ForecastColumns columns, CancellationToken cancellation)
{
    private const int CancellationPeriod = 1 << 16;

    private readonly GroupNames _names = new();
    private readonly List<Rows> _groups = [];
    private int _past, _future, _static;
    private bool _validates;

    /// <summary>Appends the rows of a view.</summary>
    /// <param name="data">The view; its rows are in time order.</param>
    /// <exception cref="InvalidDataException">A value is infinite or too large, or the time goes backwards.</exception>
    public void Append(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(ForecastColumns.Select(data.Schema, columns.All));
        var reader = new ForecastRowReader(cursor, columns, _names);
        (_past, _future, _static) = (reader.Past.Length, reader.Future.Length, reader.Static.Length);
        while (cursor.MoveNext())
        {
            if ((cursor.Position & (CancellationPeriod - 1)) == 0) cancellation.ThrowIfCancellationRequested();
            reader.Read();
            while (_groups.Count <= reader.Group)
                _groups.Add(new Rows(columns.Targets.Count, _past + _future, _static) { TrainingRows = _validates ? 0 : null }); // a series of validation rows alone
            _groups[reader.Group].Add(reader, columns.Time is not null);
        }
    }

    /// <summary>Marks the rows so far as training rows; rows appended later are for validation.</summary>
    public void EndTraining()
    {
        _validates = true;
        foreach (Rows rows in _groups) rows.TrainingRows = rows.Count;
    }

    /// <summary>Creates the table; the builder is used up.</summary>
    /// <param name="validationFraction">The share of each series' rows that are for validation, unless <see cref="EndTraining"/> was called; 0 for none.</param>
    /// <param name="calendar">The calendar features; null for those that fit the time steps of the training rows.</param>
    public SeriesTable Build(double validationFraction, CalendarFeatures? calendar)
    {
        if (_groups.Count == 0) _groups.Add(new Rows(columns.Targets.Count, _past + _future, _static));
        CalendarFeatures features = columns.Time is null ? CalendarFeatures.None : calendar ?? Fitting();
        var groups = new List<SeriesGroup>();
        for (int g = 0; g < _groups.Count; g++)
        {
            int count = _groups[g].Count;
            int cut = _groups[g].TrainingRows ?? (validationFraction > 0 && count > 0 ? ForecastProtocol.Cut(count, validationFraction) : count);
            groups.Add(_groups[g].ToGroup(_names.Names.Count > 0 ? _names.Names[g] : "", cut, features));
        }

        return new SeriesTable(columns, groups, features, _past, _future);
    }

    private CalendarFeatures Fitting()
    {
        Rows longest = _groups.MaxBy(rows => rows.TrainingRows ?? rows.Count)!;
        int count = longest.TrainingRows ?? longest.Count;
        if (count < 3) return CalendarFeatures.None;
        TimeSpan[] steps = [.. Enumerable.Range(1, count - 1).Select(row => longest.Times[row] - longest.Times[row - 1]).Order()];
        return Calendar.Fitting(steps[steps.Length / 2], longest.Times[count - 1] - longest.Times[0]);
    }

    /// <summary>The rows of one series while it is read.</summary>
    private sealed class Rows(int targets, int covariates, int statics)
    {
        private readonly List<double>[] _targets = [.. Enumerable.Range(0, targets).Select(_ => new List<double>())];
        private readonly List<double>[] _covariates = [.. Enumerable.Range(0, covariates).Select(_ => new List<double>())];
        private readonly LastObservation<double>[] _last = [.. Enumerable.Range(0, covariates).Select(_ => new LastObservation<double>())];
        private readonly double[] _static = [.. Enumerable.Repeat(double.NaN, statics)];

        public List<DateTime> Times { get; } = [];

        public int? TrainingRows { get; set; }

        public int Count => _targets[0].Count;

        public void Add(ForecastRowReader row, bool hasTime)
        {
            if (hasTime)
            {
                if (Times.Count > 0) row.CheckOrder(Times[^1]);
                Times.Add(row.Time);
            }

            for (int k = 0; k < _targets.Length; k++) _targets[k].Add(row.Targets[k]);
            for (int i = 0; i < _covariates.Length; i++)
                _covariates[i].Add(_last[i].Fill(i < row.Past.Length ? row.Past[i] : row.Future[i - row.Past.Length]));
            if (TrainingRows is not null) return;
            for (int i = 0; i < _static.Length; i++)
                if (!double.IsNaN(row.Static[i])) _static[i] = row.Static[i];
        }

        public SeriesGroup ToGroup(string name, int cut, CalendarFeatures features)
        {
            double[][] calendar = [.. Enumerable.Range(0, Calendar.Count(features)).Select(_ => new double[Count])];
            var channels = new double[calendar.Length];
            for (int row = 0; row < Count && calendar.Length > 0; row++)
            {
                Calendar.Write(features, Times[row], channels);
                for (int i = 0; i < channels.Length; i++) calendar[i][row] = channels[i];
            }

            return new SeriesGroup(name, [.. _targets.Select(values => new Series([.. values]))], [.. _covariates.Select(values => values.ToArray())], calendar, _static, cut);
        }
    }
}
