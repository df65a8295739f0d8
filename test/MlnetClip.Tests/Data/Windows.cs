using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

/// <summary>Windows of a single series, for tests.</summary>
internal static class Windows
{
    /// <summary>The windows whose targets are in the rows from <paramref name="firstTarget"/> to before <paramref name="end"/>.</summary>
    public static WindowBatchSource Of(Series series, SeriesScaler scaler, int windowSize, int horizon, int firstTarget, int end, int maximumGap = int.MaxValue)
    {
        var encoder = new WindowEncoder(new WindowLayout(windowSize, horizon, Lag: scaler.Lag), [""], [[scaler]], [scaler], []);
        return new WindowBatchSource([new SeriesGroup("", [series], [], [], [], end)], encoder, _ => (firstTarget, end), maximumGap);
    }
}
