using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>The sample that classifies handwritten digits, and its model in another process.</summary>
[TestClass]
public sealed class SequentialDigitsTests
{
    [TestMethod]
    public void HeldOutDigitsAreReadAndAnotherProcessReadsThemTheSame()
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome trained = ProcessRunner.RunAssembly(Co2.Sample("SequentialDigits"), [], folder.Path);
        Assert.AreEqual(0, trained.ExitCode, trained.Error);
        Match accuracy = Regex.Match(trained.Output, @"Accuracy on held-out digits: ([0-9.]+)%");
        Assert.IsGreaterThanOrEqualTo(97, double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), trained.Output);

        // Trees over the pixels are beside it in the same run.
        Match trees = Regex.Match(trained.Output, @"Accuracy of FastTree on the same digits: ([0-9.]+)%");
        Assert.IsGreaterThan(double.Parse(trees.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), trained.Output);

        ProcessOutcome read = ProcessRunner.RunAssembly(Co2.Sample("SequentialDigits"), ["predict", "digits.zip"], folder.Path);
        Assert.AreEqual(0, read.ExitCode, read.Error);
        Assert.AreSequenceEqual(Expected(folder.File("digits.zip")), read.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class Image
    {
        [LoadColumn(0, 63), VectorType(64)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn(64)]
        public int Digit { get; set; }
    }

    private sealed class Prediction
    {
        public int Digit { get; set; }

        public int PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private static string[] Expected(string model)
    {
        var context = new MLContext();
        IDataView data = context.Data.LoadFromTextFile<Image>(Path.Combine(RepositoryFiles.Root, "samples", "data", "digits.csv"), ',');
        IDataView scored = context.Model.Load(model, out _).Transform(data);
        return [.. context.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false).Take(10)
            .Select(row => FormattableString.Invariant($"{row.Digit} is read as {row.PredictedLabel} with {row.Score.Max():R}"))];
    }
}
