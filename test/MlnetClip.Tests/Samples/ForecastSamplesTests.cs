using System.Globalization;
using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>The samples with several columns and series, and what they reach on rows that they were not trained on.</summary>
[TestClass]
public sealed class ForecastSamplesTests
{
    [TestMethod]
    public void TemperaturesAreForecastBetterThanByTheLastValueWithHonestBounds()
    {
        string output = Run("MultivariateForecast");
        foreach (string target in new[] { "NewYorkMax", "NewYorkMin" })
        {
            Assert.IsLessThanOrEqualTo(88, Number(output, $@"{target}: RMSE [0-9.]+ degrees, ([0-9]+)% of that of the last value"), output); // 79 and 81 when this was written
            double coverage = Number(output, $@"{target}: ([0-9]+)% of the values between the bounds");
            Assert.IsTrue(coverage is >= 72 and <= 88, output); // 79 of 80
        }

        Assert.Contains("The highs of the week after 2015-12-31: ", output);
    }

    [TestMethod]
    public void DeparturesAreForecastBetterThanByTheWeekBefore()
    {
        string output = Run("ManySeries");
        Assert.IsLessThanOrEqualTo(93, Number(output, @"All 6 airports: RMSE [0-9.]+ flights an hour, ([0-9]+)% of that of the same hour a week before"), output); // 87 when this was written
        Assert.HasCount(4, Regex.Matches(output, @"^fold \d, after \d+ rows", RegexOptions.Multiline));
    }

    private static string Run(string sample)
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome outcome = ProcessRunner.RunAssembly(Co2.Sample(sample), [], folder.Path);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output;
    }

    private static double Number(string output, string pattern)
    {
        Match match = Regex.Match(output, pattern);
        Assert.IsTrue(match.Success, output);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
