using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlnetClip.Cli.Output;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary><c>tune</c> where it searches the learning rate and the batch size with the clipping.</summary>
[TestClass]
public sealed partial class TuneRatesAndBatchesTests
{
    // In two epochs the default rate of 0.002, which the fits without clipping have, gets less far than the first and farther than the second.
    private static readonly string[] Better = ["--learning-rates", "0.01..0.05", "--batch-sizes", "8,24"];
    private static readonly string[] Worse = ["--learning-rates", "1e-6..0.00001", "--batch-sizes", "8,24"];

    [TestMethod]
    public void TheTrialsHaveThemAndShowThem()
    {
        ToolRun run = Tune(Better).Succeeds();

        StringAssert.Contains(run.Error, "trial 1/8  calibrate  none  rate 0.002  batch 32  seed 1  epoch 2/2  loss ");
        StringAssert.Contains(run.Error, "learning rate from 0.01000 to 0.05000");
        Match[] explored = [.. Explored().Matches(run.Error).Cast<Match>()];
        Assert.IsGreaterThanOrEqualTo(4, explored.Length, run.Error);
        Assert.IsTrue(explored.All(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is >= 0.01 and <= 0.05), run.Error);
        Assert.HasCount(explored.Length, explored.Select(match => match.Groups[1].Value).Distinct());
        CollectionAssert.AreEquivalent(new[] { "8", "24" }, explored.Select(match => match.Groups[2].Value).Distinct().ToArray());
        foreach (Match match in explored)
            StringAssert.Matches(run.Output, new Regex($@"\u2502 +{Regex.Escape(match.Groups[1].Value)} \u2502 +{match.Groups[2].Value} \u2502"));
    }

    [TestMethod]
    public void TheRecommendationNamesThemAndTrainRepeatsTheModel()
    {
        using var folder = new TemporaryFolder();
        string best = folder.File("best.zip"), again = folder.File("again.zip");
        ToolRun run = Tune([.. Better, "--model", best]).Succeeds();
        Match recommended = Recommended().Match(run.Output);
        Assert.IsTrue(recommended.Success, run.Output);
        Assert.HasCount(1, run.Output.Split('\n').Where(line => line.Contains("recommended", StringComparison.Ordinal)));

        string[] train = SeriesFile.Train(TrainedModel.Data, again);
        int batch = Array.IndexOf(train, "--batch");
        ToolRun.Of([.. train[..batch], .. train[(batch + 2)..], "--clip", .. recommended.Groups[1].Value.Split(' ')]).Succeeds();
        Assert.AreEqual(Metrics(again), Metrics(best));
        Assert.AreNotEqual(Metrics(again), Metrics(TrainedModel.Model));
    }

    [TestMethod]
    public void TheJsonHasThem()
    {
        JsonElement json = Tune([.. Better, "--json"]).Succeeds().Json;
        Assert.IsTrue(json.GetProperty("learning_rate").GetDouble() is >= 0.01 and <= 0.05);
        Assert.IsTrue(json.GetProperty("batch_size").GetInt32() is 8 or 24);
    }

    [TestMethod]
    public void WithoutClippingTheDefaultsAreRecommended()
    {
        ToolRun run = Tune(Worse).Succeeds();
        StringAssert.Contains(run.Output, "Recommended: none --learning-rate 0.002 --batch 32, after ");
        StringAssert.Contains(run.Output, "Without clipping only none --learning-rate 0.002 --batch 32 was tried");
        StringAssert.Matches(run.Error, new Regex(@"rate \d(\.\d+)?e-06  batch "));

        JsonElement json = Tune([.. Worse, "--json"]).Succeeds().Json;
        Assert.AreEqual("none", json.GetProperty("recommendation").GetString());
        Assert.AreEqual("0.002", json.GetProperty("learning_rate").GetRawText());
        Assert.AreEqual(32, json.GetProperty("batch_size").GetInt32());
    }

    [TestMethod]
    public void EachMayBeSearchedAloneAndTheOtherGiven()
    {
        ToolRun batches = Tune("--batch-sizes", "8,24", "--learning-rate", "0.03").Succeeds();
        StringAssert.Matches(batches.Output, new Regex(@"Recommended: \S+ --batch (8|24|32), after"));
        Assert.DoesNotContain("  rate ", batches.Error);

        ToolRun rates = Tune("--learning-rates", "0.01..0.05").Succeeds();
        StringAssert.Matches(rates.Output, new Regex(@"Recommended: \S+ --learning-rate \S+, after"));
        Assert.DoesNotContain("  batch ", rates.Error);
    }

    [TestMethod]
    public void WhereNeitherIsSearchedNothingIsSaidOfThem()
    {
        ToolRun run = Tune().Succeeds();
        StringAssert.Matches(run.Output, new Regex(@"Recommended: \S+, after"));
        Assert.DoesNotContain("Without clipping only", run.Output);
        foreach (string word in new[] { "  rate ", "  batch " }) Assert.DoesNotContain(word, run.Error);
    }

    [TestMethod]
    public void AStudyThatWasStoppedGoesOnToTheSameEnd()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        using var cancellation = new CancellationTokenSource();
        using var error = new CancelAt("trial 3/8", cancellation);
        Tool.Run(SeriesFile.Tune(TrainedModel.Data, [.. Better, "--workers", "1", "--study", study]), new Terminal(TextWriter.Null, error), cancellation.Token);
        StringAssert.Matches(error.ToString(), new Regex(@"the best so far was \S+ --learning-rate \S+ --batch \d+ with loss "));

        ToolRun resumed = Tune([.. Better, "--study", study, "--json"]).Succeeds();
        Assert.AreEqual(3, resumed.Json.GetProperty("trials").GetProperty("resumed").GetInt32());
        Assert.AreEqual(Found(Tune([.. Better, "--json"])), Found(resumed));
    }

    [TestMethod]
    public void OtherRatesOrBatchesAreAnotherStudy()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        Tune([.. Better, "--study", study]).Succeeds();
        Tune("--learning-rates", "0.01..0.06", "--batch-sizes", "8,24", "--study", study).IsRefused("has other settings or data", "learning rates (0.01, 0.06)");
        Tune("--learning-rates", "0.01..0.05", "--batch-sizes", "8", "--study", study).IsRefused("has other settings or data", $"batch sizes 8{Environment.NewLine}");
        Tune("--study", study).IsRefused("has other settings or data", "learning rates null");
    }

    [TestMethod]
    [DataRow("0.1..0.01", "two numbers, above 0 and at most 1000, the smaller first, such as 0.0005..0.01", DisplayName = "the larger first")]
    [DataRow("0.1..0.1", "the smaller first", DisplayName = "equal")]
    [DataRow("0.1..0.1001", "differ in their first three digits", DisplayName = "equal once rounded")]
    [DataRow("0..0.1", "above 0", DisplayName = "zero")]
    [DataRow("1e-60..0.1", "above 0", DisplayName = "zero in single precision")]
    [DataRow("NaN..0.1", "two numbers", DisplayName = "not a number")]
    [DataRow("0.1..1001", "at most 1000", DisplayName = "too large")]
    [DataRow("0.1", "two numbers", DisplayName = "one number")]
    [DataRow("0.1,0.2", "two numbers", DisplayName = "a list")]
    public void RatesAreTwoNumbersTheSmallerFirst(string rates, string part) =>
        Tune("--learning-rates", rates).IsRefused("--learning-rates: must ", part, $"but was '{rates}'.");

    [TestMethod]
    [DataRow("0")]
    [DataRow("8,-1")]
    [DataRow("8,16.5")]
    [DataRow("8,,16")]
    [DataRow("8,08")]
    [DataRow("8..16")]
    public void BatchSizesAreWholeNumbersEachOnce(string sizes) =>
        Tune("--batch-sizes", sizes).IsRefused($"--batch-sizes: must be whole numbers, 1 or more, each once, joined by commas, but was '{sizes}'.");

    [TestMethod]
    public void WhatIsSearchedIsNotGivenToo()
    {
        ToolRun run = Tune("--learning-rate", "0.002", "--learning-rates", "0.01..0.05", "--batch", "16", "--batch-sizes", "8,24");
        run.IsRefused("Only one of --learning-rate and --learning-rates may be given.", "Only one of --batch and --batch-sizes may be given.");
    }

    [TestMethod]
    [DataRow("--batch-sizes", "8", "24")]
    [DataRow("--learning-rates", "0.01..0.02", "0.02..0.03")]
    [DataRow("--rules", "norm", "value")]
    public void AnOptionThatIsGivenTwiceIsNotHalfDropped(string option, string first, string second) =>
        Tune(option, first, option, second).IsRefused($"'{option}' expects a single argument but 2 were provided");

    private static ToolRun Tune(params string[] more) => ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, more));

    private static string Metrics(string model) => ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data, "--json").Succeeds().Json.GetProperty("metrics").GetRawText();

    private static string Found(ToolRun run)
    {
        JsonElement json = run.Succeeds().Json;
        return string.Join('\n', new[] { "recommendation", "learning_rate", "batch_size", "verdict", "best", "steps" }.Select(name => json.GetProperty(name).GetRawText()));
    }

    [GeneratedRegex(@"explore  norm:\S+  rate (\S+)  batch (\d+)  seed 1  ")]
    private static partial Regex Explored();

    [GeneratedRegex(@"Recommended: (norm:\S+ --learning-rate \S+ --batch \d+), after ")]
    private static partial Regex Recommended();
}
