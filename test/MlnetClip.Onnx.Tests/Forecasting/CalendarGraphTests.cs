using MlnetClip.Data;
using MlnetClip.MLNetInternals;
using MlnetClip.Onnx.Files;
using MlnetClip.Onnx.Forecasting;
using MlnetClip.Scoring;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Forecasting;

/// <summary>The calendar that a file computes from times is that of ML.NET, on any day of three centuries.</summary>
[TestClass]
public sealed class CalendarGraphTests
{
    [TestMethod]
    [DataRow(CalendarFeatures.HourOfDay)]
    [DataRow(CalendarFeatures.DayOfWeek)]
    [DataRow(CalendarFeatures.MonthOfYear)]
    [DataRow(CalendarFeatures.DayOfYear)]
    [DataRow(CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek | CalendarFeatures.MonthOfYear | CalendarFeatures.DayOfYear)]
    public void EveryDay(CalendarFeatures features)
    {
        // Every day from before 1970 and before a year that is a multiple of 100, at a time that changes.
        DateTime[] times = [.. Enumerable.Range(0, 110_000).Select(day => new DateTime(1850, 1, 1).AddDays(day).AddMilliseconds(day * 7919L % 86_400_000))];
        var model = new OnnxModel();
        OnnxGraph graph = OnnxGraph.Of(model);
        string[] channels = new CalendarGraph(graph).Write(features, graph.Input("times", typeof(long), "", -1));
        foreach (string channel in channels) model.Outputs.Add(new OnnxValue(channel, typeof(double), [OnnxSize.Rows, new OnnxSize(-1, "T")]));
        model.Prune();
        using var file = new OnnxFile(OnnxWriter.Write(model, "0", new Dictionary<string, string>()));
        double[][] expected = [.. channels.Select(_ => new double[times.Length])];
        double[] one = new double[channels.Length];
        for (int n = 0; n < times.Length; n++)
        {
            Calendar.Write(features, times[n], one);
            for (int c = 0; c < one.Length; c++) expected[c][n] = one[c];
        }

        long[] milliseconds = Array.ConvertAll(times, time => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds());
        for (int c = 0; c < channels.Length; c++)
        {
            double[] found = file.Run<double>(channels[c], ("times", milliseconds, [1, times.Length]));
            for (int n = 0; n < times.Length; n++)
                if (!(Math.Abs(expected[c][n] - found[n]) < 1e-9)) Assert.Fail($"channel {c} at {times[n]:O}: expected {expected[c][n]}, got {found[n]}");
        }
    }
}
