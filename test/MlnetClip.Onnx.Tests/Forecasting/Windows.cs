using MlnetClip.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Onnx.Tests.Forecasting;

/// <summary>Random windows of a forecaster: as the vectors that it reads in ML.NET, and as the inputs of its ONNX model.</summary>
internal sealed class Windows
{
    private readonly LstmForecastingTransformer _forecaster;
    private readonly WindowLayout _layout;
    private readonly List<DateTime[]> _times = [];

    public Windows(LstmForecastingTransformer forecaster, int count, ulong seed = 1, params string[] series)
    {
        (_forecaster, _layout) = (forecaster, forecaster.Model.Layout);
        var random = new SeededRandom(seed);
        string[] names = series.Length > 0 ? series : [.. forecaster.Model.SeriesNames];
        Series = [.. Enumerable.Range(0, count).Select(n => names[n % names.Length])];
        Vectors = [.. Enumerable.Range(0, count).Select(n => Create(random, Series[n]))];
    }

    public double[][] Vectors { get; }

    public string[] Series { get; }

    /// <summary>The forecasts of a column in ML.NET, [N, H].</summary>
    public double[] Expected(string column)
    {
        var predictor = new WindowPredictor(_forecaster.Model);
        double[] levels = new double[_layout.Targets * _forecaster.Model.Head.Levels * _layout.Horizon], found = new double[Vectors.Length * _layout.Horizon];
        for (int n = 0; n < Vectors.Length; n++)
        {
            predictor.Forecast(Vectors[n], levels);
            predictor.Select(_forecaster.Outputs.First(output => output.Column == column), levels, found.AsSpan(n * _layout.Horizon, _layout.Horizon));
        }

        return found;
    }

    /// <summary>The inputs of the ONNX model.</summary>
    public (string Name, Array Values, long[] Shape)[] Inputs(int first = 0, int count = 0)
    {
        double[][] rows = count == 0 ? Vectors : Vectors[first..(first + count)];
        var inputs = new List<(string, Array, long[])>();
        for (int k = 0; k < _layout.Targets; k++) Add(_forecaster.TargetColumnNames[k], _layout.TargetAt(k), _layout.History);
        AddChannels("PastCovariates", _forecaster.PastCovariateColumnNames, _layout.Past, _layout.PastAt, _layout.WindowSize);
        AddChannels("FutureCovariates", _forecaster.FutureCovariateColumnNames, _layout.Future, _layout.FutureAt, _layout.TimeSteps);
        if (_layout.Calendar > 0)
        {
            IEnumerable<long> times = _times.Skip(first).Take(rows.Length).SelectMany(row => row).Select(time => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds());
            inputs.Add((_forecaster.TimeColumnName!, times.ToArray(), [rows.Length, _layout.TimeSteps]));
        }

        if (_layout.Static > 0 && _forecaster.StaticCovariateColumnNames.Count == _layout.Static)
            for (int i = 0; i < _layout.Static; i++) Add(_forecaster.StaticCovariateColumnNames[i], _layout.StaticAt + i, 1);
        else if (_layout.Static > 0) Add("StaticCovariates", _layout.StaticAt, _layout.Static);
        if (_layout.Grouped) inputs.Add((_forecaster.GroupColumnName!, Series[first..(first + rows.Length)], [rows.Length, 1]));
        return [.. inputs];

        void Add(string name, int at, int length) => inputs.Add((name, rows.SelectMany(row => row.AsSpan(at, length).ToArray()).ToArray(), [rows.Length, length]));

        void AddChannels(string kind, IReadOnlyList<string> names, int channels, Func<int, int> at, int length)
        {
            if (channels == 0) return;
            if (names.Count != channels) AddSideBySide(kind, channels, at, length);
            else for (int i = 0; i < channels; i++) Add(names[i], at(i), length);
        }

        void AddSideBySide(string name, int channels, Func<int, int> at, int length) => inputs.Add((
            name,
            rows.SelectMany(row => Enumerable.Range(0, length).SelectMany(t => Enumerable.Range(0, channels).Select(i => row[at(i) + t]))).ToArray(),
            [rows.Length, length, channels]));
    }

    private double[] Create(SeededRandom random, string series)
    {
        double[] vector = new double[_layout.Length];
        double level = series == "B" ? 300 : 20;
        for (int k = 0; k < _layout.Targets; k++)
            for (int t = 0; t < _layout.History; t++) vector[_layout.TargetAt(k) + t] = level * (1 + (0.3 * Math.Sin(t)) + (0.4 * random.NextDouble()));
        for (int i = _layout.PastAt(0); i < _layout.CalendarAt(0); i++) vector[i] = random.NextInt32(12) == 0 && i < _layout.FutureAt(0) ? double.NaN : random.NextDouble();
        DateTime start = new DateTime(1960, 1, 1).AddHours(random.NextInt32(800_000));
        double[] calendar = new double[_layout.Calendar];
        _times.Add([.. Enumerable.Range(0, _layout.TimeSteps).Select(t => start.AddHours(5 * t))]);
        for (int t = 0; t < _layout.TimeSteps && _layout.Calendar > 0; t++)
        {
            Calendar.Write(_forecaster.Calendar, _times[^1][t], calendar);
            for (int i = 0; i < calendar.Length; i++) vector[_layout.CalendarAt(i) + t] = calendar[i];
        }

        for (int i = 0; i < _layout.Static; i++) vector[_layout.StaticAt + i] = random.NextInt32(4) == 0 ? double.NaN : level;
        int number = _forecaster.Model.SeriesNames.ToList().IndexOf(series);
        if (_layout.Grouped) vector[_layout.GroupAt] = number < 0 ? double.NaN : number;
        return vector;
    }
}
