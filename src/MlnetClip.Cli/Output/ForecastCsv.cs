using System.Globalization;
using System.Text;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Output;

/// <summary>Forecasts as CSV: a line for each value, with the label of the row it is for, and where there are several origins that of its origin.</summary>
internal static class ForecastCsv
{
    /// <param name="series">The series that was forecast.</param>
    /// <param name="forecasts">The forecasts.</param>
    /// <param name="origins">Whether to write the origin of each value.</param>
    /// <param name="without">Receives the number of rows without a forecast, which are left out.</param>
    public static string Of(TimeSeries series, Forecasts forecasts, bool origins, out int without)
    {
        var csv = new StringBuilder();
        string label = Field(series.LabelColumn);
        csv.Append(origins ? $"origin,{label},step,forecast\n" : $"{label},forecast\n");
        without = 0;
        for (int i = 0; i < forecasts.Count; i++)
        {
            ReadOnlySpan<float> values = forecasts.At(i);
            if (float.IsNaN(values[0]))
            {
                without++;
                continue;
            }

            int origin = forecasts.First + i;
            for (int h = 1; h <= values.Length; h++)
            {
                if (origins) csv.Append(Field(series.Label(origin))).Append(',');
                csv.Append(Field(series.Label(origin + h))).Append(',');
                if (origins) csv.Append(h).Append(',');
                csv.Append(values[h - 1].ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return csv.ToString();
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
