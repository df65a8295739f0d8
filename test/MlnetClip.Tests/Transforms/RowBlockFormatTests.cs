using Microsoft.ML;
using MlnetClip.Checkpoints;
using MlnetClip.Transforms;

namespace MlnetClip.Tests.Transforms;

/// <summary>The saved options of a transform from rows to sequences: read back as they were, and checked.</summary>
[TestClass]
public sealed class RowBlockFormatTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void OptionsComeBack()
    {
        var windows = new ToWindowsEstimator.Options { FeatureColumnNames = ["Speed", "Place"], WindowSize = 5, Stride = 2, GroupColumnName = "Id", LabelColumnName = "Mode", Label = WindowLabel.EveryStep, Horizon = 3, KeptColumnNames = ["Time"] };
        var read = (ToWindowsEstimator.Options)Again(new RowsToSequencesTransformer(_context, windows)).Options;
        Assert.AreEqual((5, 2, "Id", "Mode", WindowLabel.EveryStep, 3, "Speed Place"), (read.WindowSize, read.Stride, read.GroupColumnName, read.LabelColumnName, read.Label, read.Horizon, string.Join(' ', read.FeatureColumnNames)));
        Assert.AreEqual("Time", read.KeptColumnNames.Single());
        var sequences = new ToSequencesEstimator.Options { OutputColumnName = "S", GroupColumnName = "Id", OrderColumnName = "Time", FeatureColumnNames = ["Speed"], Label = SequenceLabel.First, Grouping = RowGrouping.AnyOrder };
        var other = (ToSequencesEstimator.Options)Again(new RowsToSequencesTransformer(_context, sequences)).Options;
        Assert.AreEqual(("S", "Id", "Time", null, SequenceLabel.First, RowGrouping.AnyOrder), (other.OutputColumnName, other.GroupColumnName, other.OrderColumnName, other.LabelColumnName, other.Label, other.Grouping));
    }

    [TestMethod]
    [DataRow("{}", "Sequences or Windows must be set")]
    [DataRow("""{"Windows":{"FeatureColumnNames":["a"],"WindowSize":0}}""", "WindowSize must be from 1")]
    [DataRow("""{"Windows":{"FeatureColumnNames":["a",null],"WindowSize":3}}""", "FeatureColumnNames")]
    [DataRow("""{"Sequences":{"FeatureColumnNames":null,"GroupColumnName":"g"}}""", "damaged")]
    [DataRow("""{"Sequences":{"FeatureColumnNames":["a"],"GroupColumnName":"g","Grouping":"Sorted"}}""", "damaged")]
    [DataRow("nonsense", "damaged")]
    public void AFieldThatCannotBeRightIsNamed(string json, string problem)
    {
        using var stream = new MemoryStream();
        new Envelope("MLNCLROW", 1, "transform from rows to sequences").Write(stream, writer => writer.Write(json));
        stream.Position = 0;
        string message = Assert.ThrowsExactly<InvalidDataException>(() => RowBlockFormat.Read(stream, _context)).Message;
        Assert.Contains("The transform from rows to sequences is damaged: ", message);
        Assert.Contains(problem, message);
    }

    private RowsToSequencesTransformer Again(RowsToSequencesTransformer transformer)
    {
        using var stream = new MemoryStream();
        RowBlockFormat.Write(stream, transformer);
        stream.Position = 0;
        return RowBlockFormat.Read(stream, _context);
    }
}
