using MlnetClip.Data;
using MlnetClip.Persistence;

namespace MlnetClip.Forecasting;

/// <summary>The windows of every series whose rows arrive one after the other.</summary>
/// <param name="transformer">The forecaster.</param>
internal sealed class SeriesWindows(LstmForecastingTransformer transformer)
{
    private readonly List<SlidingWindow?> _windows = [];
    private readonly double[] _calendar = new double[Calendar.Count(transformer.Calendar)];

    /// <summary>The names of the series: those of the training data, then new ones in the order of their first row.</summary>
    public GroupNames Names { get; } = new(transformer.Model.Encoder.Groups);

    /// <summary>Takes a row.</summary>
    /// <exception cref="InvalidDataException">The time goes backwards, or the series is not known and is to be refused.</exception>
    public void Push(ForecastRowReader row)
    {
        while (_windows.Count <= row.Group) _windows.Add(null);
        SlidingWindow window = _windows[row.Group] ??= Create(row.Group);
        row.CheckOrder(window.Time);
        window.Time = row.Time;
        if (_calendar.Length > 0) Calendar.Write(transformer.Calendar, row.Time, _calendar);
        window.Push(row.Targets, row.Past, row.Future, _calendar, row.Static);
    }

    /// <summary>Writes the vector of a series' window; its targets are NaN where it cannot be forecast from.</summary>
    public void CopyTo(int number, Span<double> vector, ReadOnlySpan<double> ahead)
    {
        SlidingWindow window = _windows[number]!;
        if (window.IsReady && (IsKnown(number) || transformer.UnseenSeries != UnseenSeries.Missing)) window.CopyTo(vector, ahead);
        else vector.Fill(double.NaN);
    }

    /// <summary>The window of a series; null where no row of it has been seen.</summary>
    public SlidingWindow? Of(int number) => number < _windows.Count ? _windows[number] : null;

    /// <summary>Writes the windows of all series.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Names.Names.Count);
        for (int number = 0; number < Names.Names.Count; number++)
        {
            writer.Write(Names.Names[number]);
            writer.Write(Of(number) is not null);
            Of(number)?.Save(writer);
        }
    }

    /// <summary>Replaces the windows, of which there are none yet, by those that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A field cannot be right.</exception>
    public void Load(BinaryReader reader)
    {
        int count = reader.ReadInt32(), known = transformer.Model.Encoder.Groups.Count;
        SavedField.InRange("Series", count, known);
        for (int number = 0; number < count; number++)
        {
            string name = reader.ReadString();
            if (Names.NumberOf(name) != number) throw SavedField.Wrong("Series", "must be those of the training data, then others, each once", $"'{name}' at {number}");
            _windows.Add(reader.ReadBoolean() ? Create(number) : null);
            _windows[number]?.Load(reader);
        }
    }

    private SlidingWindow Create(int number)
    {
        if (!IsKnown(number) && transformer.UnseenSeries == UnseenSeries.Throw)
        {
            throw new InvalidDataException(
                $"Column '{transformer.Columns.Group}' must name one of the {transformer.Model.Encoder.Groups.Count} series of the training data, but has '{Names.Names[number]}'.{Environment.NewLine}"
                + $"Hint: train with {nameof(LstmForecastingTrainer.Options.UnseenSeries)} set to {nameof(UnseenSeries.Average)} to forecast other series with an average scale.");
        }

        return new SlidingWindow(transformer.Model.Layout, transformer.Model.MaximumGap, IsKnown(number) ? number : -1);
    }

    private bool IsKnown(int number) => number < transformer.Model.Encoder.Groups.Count;
}
