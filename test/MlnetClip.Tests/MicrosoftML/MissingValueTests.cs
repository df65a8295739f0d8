using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.MicrosoftML;

/// <summary>How the text loader marks missing values. The README and the samples set <c>MissingRealsAsNaNs</c> because of this.</summary>
[TestClass]
public sealed class MissingValueTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Line
    {
        [LoadColumn(0)]
        public string? Time { get; set; }

        [LoadColumn(1)]
        public float Value { get; set; }
    }

    [TestMethod]
    public void AnEmptyFieldIsZeroUnlessMissingRealsAreNaN()
    {
        const string Text = "a,\nb, \nc\nd,1.5\n";
        Assert.AreSequenceEqual(new[] { 0, 0, 0, 1.5f }, Read(Text, missingRealsAsNaNs: false));
        Assert.AreSequenceEqual(new[] { float.NaN, float.NaN, float.NaN, 1.5f }, Read(Text, missingRealsAsNaNs: true));
    }

    [TestMethod]
    [DataRow("?")]
    [DataRow("NA")]
    [DataRow("n/a")]
    [DataRow("nan")]
    [DataRow("NaN")]
    [DataRow("junk")]
    [DataRow("1.5x")]
    public void TextInANumericFieldIsNaNWithEitherSetting(string field)
    {
        Assert.AreSequenceEqual(new[] { float.NaN }, Read($"a,{field}\n", missingRealsAsNaNs: false));
        Assert.AreSequenceEqual(new[] { float.NaN }, Read($"a,{field}\n", missingRealsAsNaNs: true));
    }

    private float[] Read(string text, bool missingRealsAsNaNs)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("series.csv");
        File.WriteAllText(file, text);
        var options = new TextLoader.Options { Separators = [','], MissingRealsAsNaNs = missingRealsAsNaNs };
        return [.. _context.Data.LoadFromTextFile<Line>(file, options).GetColumn<float>("Value")];
    }
}
