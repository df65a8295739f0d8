using System.Globalization;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Output;

/// <summary>Writes forecasts as CSV, a line for each value: the label of the row it is for, and where there are several origins that of its origin.</summary>
/// <param name="writer">Where it goes; nothing is written before the first forecast.</param>
/// <param name="series">The series that was forecast.</param>
/// <param name="origins">Whether to write the origin of each value.</param>
internal sealed class ForecastCsv(TextWriter writer, TimeSeries series, bool origins)
{
    private readonly char[] _digits = new char[32];
    private bool _begun;

    /// <summary>Writes the forecast made at a row.</summary>
    public void Add(int origin, ReadOnlySpan<double> values)
    {
        if (!_begun) WriteHeader();
        _begun = true;
        string originLabel = origins ? CsvField.Of(series.Label(origin)) : "";
        for (int h = 1; h <= values.Length; h++)
        {
            if (origins)
            {
                writer.Write(originLabel);
                writer.Write(',');
            }

            writer.Write(CsvField.Of(series.Label(origin + h)));
            writer.Write(',');
            if (origins)
            {
                Write(h);
                writer.Write(',');
            }

            Write(values[h - 1]);
            writer.Write('\n');
        }
    }

    private void WriteHeader()
    {
        string label = CsvField.Of(series.LabelColumn);
        writer.Write(origins ? $"origin,{label},step,forecast\n" : $"{label},forecast\n");
    }

    private void Write<T>(T value)
        where T : ISpanFormattable
    {
        value.TryFormat(_digits, out int length, default, CultureInfo.InvariantCulture);
        writer.Write(_digits, 0, length);
    }
}
