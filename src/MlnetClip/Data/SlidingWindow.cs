using MlnetClip.Persistence;

namespace MlnetClip.Data;

/// <summary>The last rows of a series that arrives row by row, gaps filled as in training.</summary>
internal sealed class SlidingWindow
{
    private readonly WindowLayout _layout;
    private readonly int _maximumGap;
    private readonly int _number;
    private readonly Rolling[] _targets, _past, _future, _calendar;
    private readonly LastObservation<double>[] _lastTargets, _lastCovariates;
    private readonly long[] _ages;
    private readonly double[] _static;

    /// <param name="layout">The window.</param>
    /// <param name="maximumGap">The largest age of the last observation, in rows, at which the window can still be used; 0 or more.</param>
    /// <param name="number">The number of the series among those seen in training; -1 for one that was not.</param>
    public SlidingWindow(WindowLayout layout, int maximumGap, int number = 0)
    {
        (_layout, _maximumGap, _number) = (layout, maximumGap, number);
        _targets = Channels(layout.Targets, layout.History);
        _past = Channels(layout.Past, layout.WindowSize);
        _future = Channels(layout.Future, layout.WindowSize);
        _calendar = Channels(layout.Calendar, layout.WindowSize);
        _lastTargets = [.. Enumerable.Range(0, layout.Targets).Select(_ => new LastObservation<double>())];
        _lastCovariates = [.. Enumerable.Range(0, layout.Past + layout.Future).Select(_ => new LastObservation<double>())];
        _ages = new long[layout.Targets];
        _static = new double[layout.Static];
        _static.AsSpan().Fill(double.NaN);
    }

    /// <summary>
    /// Whether the last rows can be forecast from: as many as the window holds have been seen, from the first observation of every target on, and
    /// the last observation is not too old.
    /// </summary>
    public bool IsReady => _targets[0].IsFull && !_ages.AsSpan().ContainsAnyExceptInRange(0, _maximumGap); // a lambda would be an object for every row

    /// <summary>The time of the last row; the first time where there is no time column.</summary>
    public DateTime Time { get; set; }

    /// <summary>
    /// Takes the next row. Missing values repeat the last observation; rows before the first observation of every target are not counted.
    /// </summary>
    public void Push(ReadOnlySpan<double> targets, ReadOnlySpan<double> past, ReadOnlySpan<double> future, ReadOnlySpan<double> calendar, ReadOnlySpan<double> statics)
    {
        bool counts = true;
        for (int k = 0; k < _targets.Length; k++)
        {
            _ages[k] = double.IsNaN(targets[k]) ? _ages[k] + 1 : 0;
            counts &= !double.IsNaN(_lastTargets[k].Fill(targets[k]));
        }

        for (int i = 0; i < _past.Length; i++) _past[i].Push(_lastCovariates[i].Fill(past[i]));
        for (int i = 0; i < _future.Length; i++) _future[i].Push(_lastCovariates[_past.Length + i].Fill(future[i]));
        for (int i = 0; i < _calendar.Length; i++) _calendar[i].Push(calendar[i]);
        for (int i = 0; i < _static.Length; i++)
            if (!double.IsNaN(statics[i])) _static[i] = statics[i];
        if (!counts) return;
        for (int k = 0; k < _targets.Length; k++) _targets[k].Push(_lastTargets[k].Fill(double.NaN));
    }

    /// <summary>Takes the next row of a single target without covariates.</summary>
    /// <exception cref="InvalidDataException">The value is infinite, or too large.</exception>
    public void Push(double value, string columnName, long row)
    {
        SeriesReader.Check(value, columnName, row);
        Push([value], [], [], [], []);
    }

    /// <summary>Writes the vector of the window, which must be ready; the future rows are NaN, apart from those that are known.</summary>
    /// <param name="window">Receives the vector.</param>
    /// <param name="ahead">Future covariates and calendar of the rows that follow, row by row; rows that are not known are left out.</param>
    public void CopyTo(Span<double> window, ReadOnlySpan<double> ahead = default)
    {
        for (int k = 0; k < _targets.Length; k++) _targets[k].Values.CopyTo(window[_layout.TargetAt(k)..]);
        for (int i = 0; i < _past.Length; i++) _past[i].Values.CopyTo(window[_layout.PastAt(i)..]);
        int width = _layout.Future + _layout.Calendar;
        for (int i = 0; i < width; i++)
        {
            int at = i < _layout.Future ? _layout.FutureAt(i) : _layout.CalendarAt(i - _layout.Future);
            (i < _layout.Future ? _future[i] : _calendar[i - _layout.Future]).Values.CopyTo(window[at..]);
            Span<double> horizon = window.Slice(at + _layout.WindowSize, _layout.FutureRows);
            for (int h = 0; h < horizon.Length; h++) horizon[h] = ((h + 1) * width) <= ahead.Length ? ahead[(h * width) + i] : double.NaN;
        }

        _static.CopyTo(window[_layout.StaticAt..]);
        if (_layout.Grouped) window[_layout.GroupAt] = _number < 0 ? double.NaN : _number;
    }

    /// <summary>The last values of the future covariates up to the present, which fill gaps in the rows that follow.</summary>
    public LastObservation<double>[] LastFuture() => [.. _lastCovariates.AsSpan(_past.Length)];

    /// <summary>Writes everything that later rows depend on.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Time.Ticks);
        foreach (long age in _ages) writer.Write(age);
        foreach (Rolling channel in AllChannels) channel.Save(writer);
        foreach (LastObservation<double> last in (LastObservation<double>[])[.. _lastTargets, .. _lastCovariates]) writer.Write(last.Last);
        foreach (double value in _static) writer.Write(value);
    }

    /// <summary>Replaces the state of a window without rows by what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A field cannot be right.</exception>
    public void Load(BinaryReader reader)
    {
        long ticks = reader.ReadInt64();
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks) throw SavedField.Wrong("Time", "must be a time", $"{ticks}");
        Time = new DateTime(ticks);
        for (int k = 0; k < _ages.Length; k++) SavedField.InRange("Age", _ages[k] = reader.ReadInt64(), 0, long.MaxValue / 2);
        foreach (Rolling channel in AllChannels) channel.Load(reader);
        foreach (Rolling target in _targets) // rows before the first observation of every target are not counted, but their covariates are
        {
            SavedField.InRange("Rows", target.Count, _targets[0].Count, _targets[0].Count);
            foreach (Rolling covariate in AllChannels.Skip(_targets.Length)) SavedField.InRange("Rows", covariate.Count, Math.Min(target.Count, _layout.WindowSize));
        }

        foreach (ref LastObservation<double> last in _lastTargets.AsSpan()) last.Fill(Number(reader));
        foreach (ref LastObservation<double> last in _lastCovariates.AsSpan()) last.Fill(Number(reader));
        foreach (ref double value in _static.AsSpan()) value = Number(reader);
    }

    private IEnumerable<Rolling> AllChannels => [.. _targets, .. _past, .. _future, .. _calendar];

    private static double Number(BinaryReader reader)
    {
        double value = reader.ReadDouble();
        SavedField.InRangeOrNaN("Value", value);
        return value;
    }

    private static Rolling[] Channels(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => new Rolling(size))];
}
