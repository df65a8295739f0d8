using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Tests.Sequences;

/// <summary>What cannot be learned from is refused by the name of its column and row, or skipped with a warning as Microsoft.ML's trainers do.</summary>
[TestClass]
public sealed class ErrorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void RowsWithoutAFiniteSequenceAreLeftOutWithAWarning()
    {
        var warnings = new List<string>();
        _context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning) warnings.Add(message.RawMessage);
        };
        Pulse[] rows = Pulse.Rows(60);
        rows[7].Features[3] = float.NaN;
        rows[9].Features[0] = float.PositiveInfinity;
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var model = Pulse.Binary(_context, options => options.NumberOfEpochs = 1).Fit(data);
        Assert.AreEqual((60, 2), (model.Training.Rows, model.Training.MissingRows));
        Assert.Contains("2 of 60 rows were skipped, because column 'Features' has no time step or a value that is NaN or infinite; the first is row 7 (from 0).", warnings);
        float[] scores = Pulse.Column<float>(model.Transform(data), "Score");
        Assert.IsTrue(float.IsNaN(scores[7]) && float.IsNaN(scores[9]) && float.IsFinite(scores[8]));
        Assert.IsFalse(Pulse.Column<bool>(model.Transform(data), "PredictedLabel")[7]);
    }

    [TestMethod]
    public void NothingToLearnFromIsAnError()
    {
        Assert.Contains("Column 'Features' must have sequences for training, but of 0 rows", Refused(Pulse.Binary(_context), []));
        Assert.Contains("of 1 rows 1 are for validation and none is left", Refused(Pulse.Binary(_context), Pulse.Rows(1)));
        Pulse[] rows = Pulse.Rows(5);
        foreach (Pulse row in rows) row.Features[0] = float.NaN;
        Assert.Contains("(5 were skipped, ", Refused(Pulse.Binary(_context), rows));
    }

    [TestMethod]
    public void OneClassIsAnError()
    {
        Pulse[] rows = [.. Pulse.Rows(60).Where(row => row.IsLate)];
        Assert.Contains("Label column 'IsLate' must have at least two classes, but all ", Refused(Pulse.Binary(_context), rows));

        // The label has three keys, and the rows are of one.
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Pulse.Kind)).Fit(Pulse.View(_context, 60));
        IDataView middle = keys.Transform(_context.Data.LoadFromEnumerable(Pulse.Rows(60).Where(row => row.Kind == "middle")));
        Assert.MatchesRegex(
            "Label column 'Label' must have at least two classes, but all [0-9]+ training rows are 'middle'.",
            Assert.ThrowsExactly<InvalidDataException>(() => Pulse.Multiclass(_context).Fit(middle)).Message);
    }

    [TestMethod]
    public void AConstantLabelOfARegressionIsAnError()
    {
        Pulse[] rows = Pulse.Rows(20);
        foreach (Pulse row in rows) row.Value = 3;
        Assert.Contains("Label column 'Value' must vary, but all 18 training rows have 3.", Refused(Pulse.Regression(_context), rows));
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void ALabelThatIsNoNumberIsAnErrorThatNamesTheRow(float value, string text)
    {
        Pulse[] rows = Pulse.Rows(20);
        rows[11].Value = value;
        string message = Refused(Pulse.Regression(_context), rows);
        Assert.Contains($"Label column 'Value' must hold finite numbers, but row 11 (from 0) has {text}.", message);
        Assert.Contains("FilterRowsByMissingValues(data, \"Value\")", message);
    }

    [TestMethod]
    public void ALabelOutsideTheKeysIsAnErrorThatNamesTheRow()
    {
        Pulse[] rows = Pulse.Rows(40);
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Pulse.Kind)).Fit(_context.Data.LoadFromEnumerable(rows));
        rows[13].Kind = "never";
        IDataView data = keys.Transform(_context.Data.LoadFromEnumerable(rows));
        Assert.Contains(
            "Label column 'Label' must hold one of its keys, but row 13 (from 0) has a missing key (0)",
            Assert.ThrowsExactly<InvalidDataException>(() => Pulse.Multiclass(_context).Fit(data)).Message);

        // What the hint says works.
        Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(_context.Data.FilterRowsByMissingValues(data, "Label"));
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    public void AWeightOutsideItsRangeIsAnErrorThatNamesTheRow(float weight)
    {
        Pulse[] rows = Pulse.Rows(20);
        rows[4].Weight = weight;
        Assert.Contains("Weight column 'Weight' must hold finite numbers, 0 or more, but row 4 (from 0) has ", Refused(Weighted(), rows));
    }

    [TestMethod]
    public void WeightsOfZeroAloneAreAnError()
    {
        Pulse[] rows = Pulse.Rows(20);
        foreach (Pulse row in rows) row.Weight = 0;
        Assert.Contains("Weight column 'Weight' must be above 0 in some training row", Refused(Weighted(), rows));
    }

    [TestMethod]
    public void MissingColumnsAreNamedAndTheClosestIsSuggested()
    {
        string message = Mismatch(Pulse.Binary(_context, options => options.LabelColumnName = "IsLat"));
        Assert.Contains("Could not find label column 'IsLat'", message);
        Assert.Contains("Hint: did you mean 'IsLate'?", message);
        Assert.Contains("Could not find feature column 'Nothing'", Mismatch(Pulse.Binary(_context, options => options.FeatureColumnName = "Nothing")));
        Assert.Contains("Could not find weight column 'W'", Mismatch(Pulse.Binary(_context, options => options.ExampleWeightColumnName = "W")));
    }

    [TestMethod]
    public void WrongTypesAreNamedWithWhatToDo()
    {
        string message = Mismatch(Pulse.Binary(_context, options => options.LabelColumnName = "Value"));
        Assert.Contains("Schema mismatch for label column 'Value': expected Boolean, got Single", message);
        Assert.Contains("Hint: append Transforms.Conversion.ConvertType(\"Value\", outputKind: DataKind.Boolean) before the trainer.", message);
        Assert.Contains("expected Single, got Boolean", Mismatch(Pulse.Regression(_context, options => options.LabelColumnName = "IsLate")));
        Assert.Contains("expected Key<UInt32>, got String", Mismatch(Pulse.Multiclass(_context, options => options.LabelColumnName = "Kind")));
        Assert.Contains("MapValueToKey(\"Kind\")", Mismatch(Pulse.Multiclass(_context, options => options.LabelColumnName = "Kind")));
        Assert.Contains("Schema mismatch for feature column 'Value': expected Vector<Single>, ", Mismatch(Pulse.Binary(_context, options => options.FeatureColumnName = "Value")));
        Assert.Contains("MapValueToKey(\"Words\")", Mismatch(Pulse.Binary(_context, options => options.FeatureColumnName = "Words")));
        Assert.Contains("Schema mismatch for weight column 'Number': expected Single, got Int32", Mismatch(Pulse.Binary(_context, options => options.ExampleWeightColumnName = "Number")));
        Assert.Contains("expected a vector whose size is a multiple of 5, got Vector<Single, 12>", Mismatch(Pulse.Binary(_context, options => options.FeaturesPerStep = 5)));
    }

    [TestMethod]
    public void TheShapeIsCheckedBeforeThereAreData()
    {
        LstmBinaryTrainer trainer = Pulse.Binary(_context, options => options.LabelColumnName = "Value");
        SchemaShape shape = SchemaAccess.Shape(Pulse.View(_context, 1).Schema);
        Assert.Contains("expected Boolean, got Single", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(shape)).Message);
    }

    [TestMethod]
    public void ALengthThatIsNotInWholeStepsIsAnErrorThatNamesTheRow()
    {
        Uneven[] rows = [.. Enumerable.Range(0, 20).Select(i => new Uneven { Features = new float[i == 6 ? 5 : 4], Label = i % 2 == 0 })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        var trainer = _context.BinaryClassification.Trainers.Lstm(featuresPerStep: 2, hiddenSize: 3, numberOfEpochs: 1);
        string expected = "Column 'Features' must hold whole time steps of 2 values, but row 6 (from 0) has 5 values.";
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(data)).Message);
        var model = trainer.Fit(_context.Data.LoadFromEnumerable(rows[..6]));
        Assert.Contains(expected, Assert.Throws<Exception>(() => Pulse.Column<float>(model.Transform(data), "Score")).GetBaseException().Message);
    }

    private sealed class Uneven
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private LstmBinaryTrainer Weighted() => Pulse.Binary(_context, options => options.ExampleWeightColumnName = nameof(Pulse.Weight));

    private string Refused<T>(IEstimator<T> trainer, Pulse[] rows)
        where T : class, ITransformer => Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(_context.Data.LoadFromEnumerable(rows))).Message;

    private string Mismatch<T>(IEstimator<T> trainer)
        where T : class, ITransformer => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Pulse.View(_context, 10))).Message;

    [TestMethod]
    public void MoreKeysThanAModelCanHaveAreRefusedBeforeAnythingIsRead()
    {
        IDataView data = Pulse.View(_context, 20);
        IDataView hashed = _context.Transforms.Conversion.Hash("Hashed", nameof(Pulse.Words), numberOfBits: 31).Fit(data).Transform(data);
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pulse.Binary(_context, options => (options.FeatureColumnName, options.FeaturesPerStep) = ("Hashed", 1)).Fit(hashed)).Message;
        Assert.Contains("Schema mismatch for feature column 'Hashed': expected at most 2147483590 keys, got Vector<Key<UInt32, 0-2147483647>, 6>", message);
        Assert.Contains("a smaller numberOfBits of Transforms.Conversion.Hash", message);
    }

    /// <summary>A pipeline that is fitted to the validation rows again gives keys of other values, with the same numbers.</summary>
    [TestMethod]
    public void ValidationDataWithOtherKeysAreRefused()
    {
        Pulse[] rows = Pulse.Rows(60);
        IDataView Keyed(IEnumerable<Pulse> some) => Pulse.Keyed(_context, _context.Data.LoadFromEnumerable(some));
        IDataView data = Keyed(rows), sorted = Keyed(rows.OrderByDescending(row => row.Kind)), fewer = Keyed(rows.Where(row => row.Kind != "late"));
        foreach (IDataView other in new[] { sorted, fewer })
        {
            string message = Assert.ThrowsExactly<ArgumentException>(() => Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(data, other)).Message;
            Assert.Contains("The keys of column 'Label' in the validation data must be those of the training data, in the same order, but have other values.", message);
        }

        Assert.IsNotNull(Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(data, Keyed(rows)).Training.ValidationLoss);

        var words = _context.Transforms.Conversion.MapValueToKey("Keys", nameof(Pulse.Words));
        IDataView train = words.Fit(data).Transform(data), validation = words.Fit(Keyed(rows.OrderBy(row => row.Words[0]))).Transform(data);
        var trainer = Pulse.Multiclass(_context, options => (options.FeatureColumnName, options.FeaturesPerStep, options.NumberOfEpochs) = ("Keys", 1, 1));
        Assert.Contains("The keys of column 'Keys' in the validation data", Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(train, validation)).Message);
    }
}
