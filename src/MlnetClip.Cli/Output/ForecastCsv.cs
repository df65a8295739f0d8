using System.Globalization;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>
/// Writes forecasts as CSV, a line for each row that is forecast: its series where there are several, its label, and where there are several origins
/// that of its origin; then a value for each column of the model.
/// </summary>
/// <param name="writer">Where it goes; nothing is written before the first forecast.</param>
/// <param name="table">The rows that were forecast.</param>
/// <param name="columns">The model's columns.</param>
/// <param name="origins">Whether to write the origin of each value.</param>
internal sealed class ForecastCsv(TextWriter writer, SeriesTable table, ForecastColumns columns, bool origins)
{
    private readonly char[] _digits = new char[32];
    private bool _begun;

    /// <summary>Writes the first steps of the forecast made at a row of a series.</summary>
    public void Add(int series, int origin, double[][] values, int steps)
    {
        if (!_begun) WriteHeader();
        _begun = true;
        TimeSeries of = table.Series[series];
        string name = of.Name is null ? "" : $"{CsvField.Of(of.Name)},", originLabel = origins ? CsvField.Of(of.Label(origin)) : "";
        for (int h = 1; h <= steps; h++)
        {
            writer.Write(name);
            if (origins)
            {
                writer.Write(originLabel);
                writer.Write(',');
            }

            writer.Write(CsvField.Of(of.Label(origin + h)));
            if (origins)
            {
                writer.Write(',');
                Write(h);
            }

            foreach (double[] column in values)
            {
                writer.Write(',');
                Write(column[h - 1]);
            }

            writer.Write('\n');
        }
    }

    private void WriteHeader()
    {
        string group = table.IsGrouped ? $"{CsvField.Of(table.Columns.Group!)}," : "", label = CsvField.Of(table.Series[0].LabelColumn);
        writer.Write($"{group}{(origins ? $"origin,{label},step" : label)},{string.Join(',', columns.Headers.Select(CsvField.Of))}\n");
    }

    private void Write<T>(T value)
        where T : ISpanFormattable
    {
        value.TryFormat(_digits, out int length, default, CultureInfo.InvariantCulture);
        writer.Write(_digits, 0, length);
    }
}
