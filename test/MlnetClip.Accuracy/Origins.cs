using System.Runtime.InteropServices;

namespace MlnetClip.Accuracy;

/// <summary>The held-out rows of a series, each of which is an origin.</summary>
internal static class Origins
{
    /// <summary>Writes the forecast at one origin.</summary>
    /// <param name="origin">The row.</param>
    /// <param name="forecast">Receives the next rows.</param>
    public delegate void Write(int origin, Span<double> forecast);

    /// <summary>All forecasts, in the order of the origins.</summary>
    public static double[,] Fill(AccuracySeries series, Write write)
    {
        var forecasts = new double[series.Values.Length - series.Cut, series.Horizon];
        for (int i = 0; i < forecasts.GetLength(0); i++)
            write(series.Cut + i, MemoryMarshal.CreateSpan(ref forecasts[i, 0], series.Horizon));
        return forecasts;
    }
}
