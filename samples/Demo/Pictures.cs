using MlnetClip;

namespace Demo;

/// <summary>Draws the forecasts, and the norms of the gradients.</summary>
internal static class Pictures
{
    /// <summary>Draws forecast.svg and gradients.svg.</summary>
    /// <param name="folder">The folder for the files.</param>
    /// <param name="weeks">The data.</param>
    /// <param name="cut">The first held-out row.</param>
    /// <param name="forecasts">A forecast for each row from the cut on.</param>
    /// <param name="clipped">The model clipped by global norm.</param>
    /// <param name="threshold">Its threshold.</param>
    /// <param name="free">The model without clipping.</param>
    public static void Draw(string folder, Reading[] weeks, int cut, float[][] forecasts, Fit clipped, double threshold, Fit free)
    {
        // Each forecast begins where the previous one ends: every week is shown as it was forecast 1 to 26 weeks ahead.
        var ahead = Enumerable.Repeat(double.NaN, weeks.Length).ToArray();
        for (int origin = cut; origin < weeks.Length; origin += Fit.Horizon)
            for (int h = 0; h < Fit.Horizon && origin + 1 + h < weeks.Length; h++) ahead[origin + 1 + h] = forecasts[origin - cut][h];

        int[] shown = [.. Enumerable.Range(cut, weeks.Length - cut)];
        new LineChart("CO2 at Mauna Loa: forecasts of 26 weeks, one after the other, in weeks that training never saw", "year", "CO2, ppm") { XLabel = row => weeks[(int)row].Date[..4] }
            .Line("measured", "#888", shown.Select(row => ((double)row, (double)weeks[row].Co2)))
            .Line("forecast", "#c2410c", shown.Select(row => ((double)row, ahead[row])))
            .Save(Path.Combine(folder, "forecast.svg"));

        new LineChart("Norm of the gradient before clipping", "training step", "global 2-norm, logarithmic") { LogarithmicY = true }
            .Line($"no clipping", "#aaa", Steps(free))
            .Line($"{clipped.Clipping}", "#1d4ed8", Steps(clipped))
            .Line("threshold", "#dc2626", [(0, threshold), (clipped.Norms.Count - 1, threshold)], dashed: true)
            .Save(Path.Combine(folder, "gradients.svg"));
    }

    private static IEnumerable<(double X, double Y)> Steps(Fit fit) => fit.Norms.Select((norm, step) => ((double)step, norm));
}
