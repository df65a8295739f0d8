using System.Diagnostics;
using System.Globalization;

namespace Demo;

/// <summary>Runs samples/LoadAndForecast, which names nothing of MlnetClip: a new MLContext loads the model and forecasts.</summary>
internal static class SecondProcess
{
    /// <summary>The forecasts at the last rows, as that process printed them.</summary>
    public static float[][] Forecast(string model, string csv, int rows)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "LoadAndForecast.dll");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", program, model, csv, rows.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The second process ended with {process.ExitCode}.");
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture)).ToArray()),
        ];
    }
}
