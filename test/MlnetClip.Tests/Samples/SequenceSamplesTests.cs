using System.Globalization;
using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>The samples that label time steps and classify text: their figures, beside those of models that do not see the order.</summary>
[TestClass]
public sealed class SequenceSamplesTests
{
    [TestMethod]
    public void PhasesOfAMachineAreLabeled()
    {
        string output = Run("LabelSteps");
        Assert.IsGreaterThanOrEqualTo(95, Figure(output, "Accuracy of an LSTM over whole cycles"), output);
        Assert.IsLessThan(85, Figure(output, "Accuracy of a linear model over single readings"), output);
        Assert.MatchesRegex("A new cycle: (idle )+(filling )+(heating )+(draining )+(idle ?)+", output);
    }

    [TestMethod]
    public void SentencesAreClassifiedByTheOrderOfTheirWords()
    {
        string output = Run("ClassifyText");
        Assert.IsGreaterThanOrEqualTo(97, Figure(output, "Accuracy of an LSTM over the words in their order"), output);
        Assert.IsLessThan(70, Figure(output, "Accuracy of a linear model over counted words"), output);
    }

    private static string Run(string sample)
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome outcome = ProcessRunner.RunAssembly(Co2.Sample(sample), [], folder.Path);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output;
    }

    private static double Figure(string output, string words) =>
        double.Parse(Regex.Match(output, $"{words}: ([0-9.]+)%").Groups[1].Value, CultureInfo.InvariantCulture);
}
