using System.Net;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>The sample that serves predictions, called by many clients at a time.</summary>
[TestClass]
public sealed class ServePredictionsTests
{
    [TestMethod]
    public async Task ConcurrentRequestsAreAnsweredAsByOneCaller()
    {
        using var folder = new TemporaryFolder();
        using var service = new WebService("ServePredictions", folder.Path);
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromTextFile<Image>(Path.Combine(RepositoryFiles.Root, "samples", "data", "digits.csv"), ',');
        IDataView held = mlContext.Data.TakeRows(mlContext.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1).TestSet, 200);
        Answer[] expected = [.. mlContext.Data.CreateEnumerable<Answer>(mlContext.Model.Load(folder.File("digits.zip"), out _).Transform(held), reuseRowObject: false)];
        Image[] images = [.. mlContext.Data.CreateEnumerable<Image>(held, reuseRowObject: false)];
        using var engine = mlContext.Forecasting.LoadForecastEngine<Week, HalfYear>(folder.File("co2.zip"));

        // Weeks arrive in order from one client, while others read the forecast and have digits read.
        var answers = new Answer[images.Length];
        float[] weeks = [.. Enumerable.Range(0, 40).Select(week => 372f + (0.03f * week))];
        Task<float[]> observing = Task.Run(async () =>
        {
            float[] last = [];
            foreach (float week in weeks) last = (await service.Post<HalfYear>("/co2", new { Co2 = week })).Forecast;
            return last;
        });
        await Parallel.ForAsync(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            answers[i] = await service.Post<Answer>("/digits", new { images[i].Pixels });
            if (i % 5 == 0) Assert.HasCount(26, (await service.Get<HalfYear>("/co2")).Forecast);
        });

        for (int i = 0; i < images.Length; i++)
        {
            Assert.AreEqual(expected[i].PredictedLabel, answers[i].PredictedLabel, $"image {i}");
            Assert.AreSequenceEqual(expected[i].Score, answers[i].Score, $"image {i}");
        }

        Assert.IsGreaterThanOrEqualTo(180, images.Where((image, i) => image.Digit == answers[i].PredictedLabel).Count());

        float[] served = await observing;
        engine.Observe(weeks.Select(week => new Week { Co2 = week }));
        Assert.AreSequenceEqual(engine.Predict().Forecast, served);
        Assert.AreEqual(HttpStatusCode.OK, await service.StatusOfPost("/co2/checkpoint", new { }));
        using var restarted = mlContext.Forecasting.LoadForecastEngine<Week, HalfYear>(folder.File("co2.zip"));
        Assert.AreSequenceEqual(served, restarted.Predict().Forecast);

        Assert.AreEqual(HttpStatusCode.BadRequest, await service.StatusOfPost("/digits", new { Pixels = new[] { 1f } }));
        float[] afterGap = [];
        for (int week = 0; week < 104; week++) afterGap = (await service.Post<HalfYear>("/co2", new { Co2 = (float?)null })).Forecast;
        Assert.IsTrue(float.IsNaN(afterGap[0]), "no week of the window was measured");
    }

    private sealed class Image
    {
        [LoadColumn(0, 63), VectorType(64)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn(64)]
        public int Digit { get; set; }
    }

    private sealed class Answer
    {
        public int PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Week
    {
        public float Co2 { get; set; }
    }

    private sealed class HalfYear
    {
        public float[] Forecast { get; set; } = [];
    }
}
