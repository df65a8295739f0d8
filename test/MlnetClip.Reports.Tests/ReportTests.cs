using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>What a report says, and how it is written.</summary>
[TestClass]
public sealed class ReportTests
{
    [TestMethod]
    public void AReportHasTheConclusionsEveryOptionAndItsScript()
    {
        string html = Save(path => Reported.Forecaster.SaveReport(path));

        foreach (ClippingVerdict verdict in Reported.Forecaster.Training.ClippingSummary.Verdicts) StringAssert.Contains(html, Encode($"{verdict}"));
        foreach ((string name, string value) in Reported.Forecaster.Training.Options) StringAssert.Contains(html, $"<th scope=\"row\">{Encode(name)}</th><td>{Encode(value)}</td>");
        StringAssert.Contains(html, "plotly.js v2");
        StringAssert.Contains(html, "ReportOptions.EvaluationData");
    }

    [TestMethod]
    public void NothingInThePageIsFetched()
    {
        string html = Save(path => Reported.Forecaster.SaveReport(path));

        string page = html[..html.IndexOf("<script>", StringComparison.Ordinal)]; // Plotly's script names addresses that it uses for maps only
        Assert.DoesNotContain("src=", page);
        Assert.DoesNotContain("http://", page);
        Assert.DoesNotContain("https://", page);
        StringAssert.Contains(page, "default-src 'none'");
    }

    [TestMethod]
    public void WhatWasNotRecordedIsSaid()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.zip");
        Reported.Context.Model.Save(Reported.Forecaster, Reported.Co2.Schema, file);

        string html = Save(path => Reported.Context.Model.Load(file, out _).SaveReport(path));

        StringAssert.Contains(html, "not recorded, because the model was loaded from a file");
    }

    [TestMethod]
    public void AModelWithoutATrainingStepHasNoChartsOfTraining()
    {
        IDataView rows = Reported.Context.Data.TakeRows(Reported.LoadCo2(), 400);
        LstmForecastingTransformer Fit(int epochs, InitialWeights? weights) => Reported.Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 12, Horizon = 2, HiddenSize = 4, LinearPart = LinearPartUse.None, NumberOfEpochs = epochs, InitialWeights = weights,
        }).Fit(rows);
        InitialWeights first = Fit(1, null).Model.ToInitialWeights();
        LstmForecastingTransformer model = Fit(0, first);

        string html = Save(path => model.SaveReport(path));

        StringAssert.Contains(html, "No training step was made: the model has the weights that it began with");
        StringAssert.Contains(html, "No training step was made: nothing can be said about clipping.");
        StringAssert.Contains(html, Encode($"from {first}"));
        Assert.DoesNotContain("NaN", html[..html.IndexOf("<script>", StringComparison.Ordinal)]);
        Assert.DoesNotContain("id=\"norm\"", html);
    }

    [TestMethod]
    public void ALearningRateThatWasFoundHasItsSweep()
    {
        LstmForecastingTransformer model = Reported.Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 12, Horizon = 2, HiddenSize = 4, NumberOfEpochs = 1, LearningRate = null, LinearPart = LinearPartUse.None,
        }).Fit(Reported.Context.Data.TakeRows(Reported.LoadCo2(), 400));

        string html = Save(path => model.SaveReport(path));

        StringAssert.Contains(html, "id=\"learning-rate-sweep\"");
        StringAssert.Contains(html, Encode($"Result of the learning rate sweep: {model.Training.LearningRateReason}"));
        Assert.DoesNotContain("learning-rate-sweep", Save(path => Reported.Forecaster.SaveReport(path)));
    }

    [TestMethod]
    public void AFileIsReplacedOnlyByAWholeReport()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("report.html");
        File.WriteAllText(path, "old");

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Reported.Sequences("regression").SaveReport(path, new ReportOptions { EvaluationData = Reported.Pulses(5, seed: 2) }));

        StringAssert.Contains(error.Message, "ReportOptions.LabelColumnName must be a column of the evaluation data");
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void ErrorsNameWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        IDataView data = Reported.Pulses(5, seed: 1);
        ITransformer other = Reported.Context.Transforms.CopyColumns("Copy", "Value").Fit(data);

        StringAssert.Contains(Assert.Throws<ArgumentException>(() => other.SaveReport(folder.File("report.html"))).Message, "must be a trained model of MlnetClip");
        StringAssert.Contains(Assert.Throws<IOException>(() => Reported.Forecaster.SaveReport(folder.Path)).Message, "is a folder");
        StringAssert.Contains(Assert.Throws<DirectoryNotFoundException>(() => Reported.Forecaster.SaveReport(folder.File("none/report.html"))).Message, "there is no folder");
    }

    [TestMethod]
    public void TextsCannotLeaveTheirElements()
    {
        var hostile = new Page.ReportPage("</title><script>1</script>",
        [
            new Page.ReportSection("<b>", [new Page.TextBlock(["<img src=x>"]), new Page.ChartBlock("chart", "a\"b", "<i>", new Page.Figure("</script><script>2</script>", "y").Line("</script>", new[] { 1.0 }, [1], "red"))]),
        ]);
        using var stream = new MemoryStream();
        hostile.Write(stream);
        string html = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        string page = html[..html.IndexOf("<script>/**", StringComparison.Ordinal)];

        foreach (string escaped in new[] { "<script>1", "<script>2", "<img", "<b>", "<i>", "a\"b" }) Assert.DoesNotContain(escaped, page);
    }

    [TestMethod]
    public void AMillionStepsAreASmallFileWithEveryExtreme()
    {
        TrainingTrace trace = LongFit.Trace(steps: 1_000_000, spike: 777_777);
        using var stream = new MemoryStream();
        new Page.ReportPage("long", [.. Training.TrainingSections.Charts(Reported.Forecaster.Training with { Trace = trace })]).Write(stream);
        string html = System.Text.Encoding.UTF8.GetString(stream.ToArray());

        Assert.IsLessThan(2 << 20, stream.Length, "Plotly's script has 0.9 MiB of it.");
        StringAssert.Contains(html, "the line is their mean, the area reaches from the smallest to the largest");
        AssertBand("norm", "before, smallest to largest", span => span.NormBefore);
        AssertBand("loss", "smallest to largest of steps", span => span.Loss);
        AssertBand("learning-rate", "smallest to largest", span => span.LearningRate);
        Assert.AreEqual(12345, trace.Spans.Max(span => span.NormBefore.Largest));

        void AssertBand(string chart, string name, Func<StepSpan, FigureRange> of)
        {
            string data = html.Split($"id=\"{chart}-data\">")[1].Split("</script>")[0];
            double[][] edges =
            [
                .. System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("data").EnumerateArray().Where(line => line.GetProperty("name").GetString() == name)
                    .Select(line => line.GetProperty("y").EnumerateArray().Select(y => y.GetDouble()).ToArray()),
            ];
            Assert.AreSequenceEqual(trace.Spans.Select(span => of(span).Smallest).ToArray(), edges[0], chart);
            Assert.AreSequenceEqual(trace.Spans.Select(span => of(span).Largest).ToArray(), edges[1], chart);
        }
    }

    private static string Save(Action<string> save)
    {
        using var folder = new TemporaryFolder();
        save(folder.File("report.html"));
        return File.ReadAllText(folder.File("report.html"));
    }

    private static string Encode(string text) => System.Net.WebUtility.HtmlEncode(text);
}
