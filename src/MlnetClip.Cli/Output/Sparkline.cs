namespace MlnetClip.Cli.Output;

/// <summary>A line of small bars: the largest value of equal stretches of all that was added, on a logarithmic scale.</summary>
internal sealed class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private readonly double[] _cells = new double[Width];
    private int _count;
    private long _each = 1, _inLast;

    /// <summary>The most bars.</summary>
    public const int Width = 24;

    /// <summary>Adds a value; one that is not above 0 and finite only takes its place.</summary>
    public void Add(double value)
    {
        if (_count == 0 || _inLast == _each) Open();
        _inLast++;
        if (value > 0 && double.IsFinite(value)) _cells[_count - 1] = Math.Max(_cells[_count - 1], value);
    }

    /// <summary>The bars; a space where there is no value.</summary>
    public override string ToString()
    {
        double[] logs = [.. _cells.Take(_count).Select(value => value > 0 ? Math.Log(value) : double.NaN)];
        double low = logs.Where(double.IsFinite).DefaultIfEmpty(0).Min(), high = logs.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new string([.. logs.Select(log => double.IsNaN(log) ? ' ' : Bars[high > low ? (int)Math.Round((log - low) / (high - low) * (Bars.Length - 1)) : 0])]);
    }

    private void Open()
    {
        if (_count == Width)
        {
            for (int i = 0; i < Width / 2; i++) _cells[i] = Math.Max(_cells[2 * i], _cells[(2 * i) + 1]);
            Array.Clear(_cells, Width / 2, Width / 2);
            _count = Width / 2;
            _each *= 2;
        }

        _count++;
        _inLast = 0;
    }
}
