using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Tests.Transforms;

/// <summary>Rows of a group become one row with a sequence, while they are read.</summary>
[TestClass]
public sealed class ToSequencesTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Sequence
    {
        public string Id { get; set; } = "";

        public float[] Features { get; set; } = [];

        public string Mode { get; set; } = "";
    }

    private sealed class Labeled
    {
        public float[] Features { get; set; } = [];

        public string[] Mode { get; set; } = [];
    }

    [TestMethod]
    [DataRow(SequenceLabel.Last, "bus bus walk")]
    [DataRow(SequenceLabel.First, "walk bus walk")]
    public void EveryGroupIsARow(SequenceLabel label, string labels)
    {
        Sequence[] found = [.. Read<Sequence>(_context.Transforms.ToSequences("Features", "Id", ["Speed", "Place"], "Mode", label))];
        Assert.AreEqual("a b c", string.Join(' ', found.Select(row => row.Id)));
        Assert.AreEqual(labels, string.Join(' ', found.Select(row => row.Mode)));
        Assert.AreSequenceEqual(new float[] { 10, 110, 210, 11, 111, 211, 12, 112, 212 }, found[0].Features);
        Assert.AreSequenceEqual(new float[] { 20, 120, 220 }, found[1].Features);
        Assert.HasCount(12, found[2].Features);
    }

    [TestMethod]
    [DataRow(SequenceLabel.Last, "12 20 33")]
    [DataRow(SequenceLabel.First, "10 20 30")]
    [DataRow(SequenceLabel.EveryStep, "12 20 33")]
    public void OtherColumnsAreKeptByName(SequenceLabel label, string speeds)
    {
        var options = new ToSequencesEstimator.Options { GroupColumnName = "Id", FeatureColumnNames = ["Place"], LabelColumnName = "Mode", Label = label, KeptColumnNames = ["Speed", "Time"] };
        IDataView rows = Ride.View(_context), sequences = _context.Transforms.ToSequences(options).Fit(rows).Transform(rows);
        Assert.AreEqual(speeds, string.Join(' ', sequences.GetColumn<float>("Speed")));
        Assert.AreEqual(rows.Schema["Time"].Type, sequences.Schema["Time"].Type);
        options.KeptColumnNames = ["Mode", "Id", "Id", "Features"];
        string message = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.ToSequences(options)).Message;
        foreach (string part in new[] { "KeptColumnNames must name each column once, but was 'Id' more than once", "must not have that of LabelColumnName", "must not have that of GroupColumnName", "must not have that of OutputColumnName" })
            Assert.Contains(part, message);
    }

    [TestMethod]
    public void EveryStepMayHaveALabel()
    {
        Labeled[] found = [.. Read<Labeled>(_context.Transforms.ToSequences("Features", "Id", ["Speed"], "Mode", SequenceLabel.EveryStep))];
        Assert.AreEqual("walk walk bus|bus|walk bus bus walk", string.Join('|', found.Select(row => string.Join(' ', row.Mode))));
        Assert.AreSequenceEqual(new float[] { 30, 31, 32, 33 }, found[2].Features);
    }

    [TestMethod]
    public void RowsOfAGroupAreSortedByTheOrderColumn()
    {
        Ride[] rows = Ride.Rows();
        (rows[0], rows[2]) = (rows[2], rows[0]);
        var options = new ToSequencesEstimator.Options { GroupColumnName = "Id", FeatureColumnNames = ["Speed"], OrderColumnName = "Time", LabelColumnName = "Mode" };
        Sequence first = Read<Sequence>(_context.Transforms.ToSequences(options), rows).First();
        Assert.AreSequenceEqual(new float[] { 10, 11, 12 }, first.Features);
        Assert.AreEqual("bus", first.Mode);
    }

    [TestMethod]
    public void AGroupThatOccursAgainIsAnErrorUnlessAllRowsAreHeld()
    {
        Ride[] rows = [.. Ride.Rows().OrderBy(row => row.Time)];
        var options = new ToSequencesEstimator.Options { GroupColumnName = "Id", FeatureColumnNames = ["Speed"], LabelColumnName = "Mode" };
        string message = Assert.Throws<Exception>(() => Read<Sequence>(_context.Transforms.ToSequences(options), rows).ToArray()).GetBaseException().Message;
        Assert.Contains("The rows of a group must be next to each other, but group 'a' of column 'Id' occurs again at row 3 (from 0).", message);
        Assert.Contains("Hint: sort the rows by group, or set Grouping to AnyOrder", message);
        options.Grouping = RowGrouping.AnyOrder;
        Sequence[] found = [.. Read<Sequence>(_context.Transforms.ToSequences(options), rows)];
        Assert.AreEqual("a:10,11,12 b:20 c:30,31,32,33", string.Join(' ', found.Select(row => $"{row.Id}:{string.Join(',', row.Features)}")));
    }

    [TestMethod]
    public void KeysBecomeSequencesOfKeysThatMapBack()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Word", "Mode").Append(_context.Transforms.Conversion.MapValueToKey("Id")).Fit(Ride.View(_context)).Transform(Ride.View(_context));
        var pipeline = _context.Transforms.ToSequences("Features", "Id", ["Word"], "Word", SequenceLabel.EveryStep)
            .Append(_context.Transforms.Conversion.MapKeyToValue("Texts", "Features")).Append(_context.Transforms.Conversion.MapKeyToValue("Labels", "Word")).Append(_context.Transforms.Conversion.MapKeyToValue("Name", "Id"));
        IDataView found = pipeline.Fit(data).Transform(data);
        string[][] texts = [.. found.GetColumn<string[]>("Texts")], labels = [.. found.GetColumn<string[]>("Labels")];
        Assert.AreEqual("walk bus bus walk", string.Join(' ', texts[2]));
        Assert.AreSequenceEqual(texts[0], labels[0]);
        Assert.AreSequenceEqual(new[] { "a", "b", "c" }, found.GetColumn<string>("Name").ToArray());
    }

    [TestMethod]
    public void ItIsLazyAndReadsOnlyWhatIsNeeded()
    {
        int read = 0;
        IEnumerable<Ride> Rows()
        {
            foreach (Ride row in Ride.Rows())
            {
                read++;
                yield return row;
            }
        }

        IDataView sequences = _context.Transforms.ToSequences("Features", "Id", ["Speed"]).Fit(Ride.View(_context, Rows())).Transform(Ride.View(_context, Rows()));
        Assert.AreEqual(0, read);
        using DataViewRowCursor cursor = sequences.GetRowCursor([sequences.Schema["Id"]]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.IsLessThan(6, read, "one group, and the row after it");
        Assert.IsFalse(cursor.IsColumnActive(sequences.Schema["Features"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(sequences.Schema["Features"]));
        Assert.AreEqual(2, sequences.Schema.Count);
        Assert.IsNull(sequences.GetRowCount());
        Assert.IsFalse(sequences.CanShuffle);
    }

    [TestMethod]
    public void ACachedTransformTrainsAModelThatIsSavedWithIt()
    {
        // The label of a ride is whether its speeds rise.
        var random = new MlnetClip.Data.SeededRandom(4);
        Ride[] rows = [.. Enumerable.Range(0, 200).SelectMany(ride =>
        {
            bool rises = random.NextInt32(2) == 0;
            float speed = random.NextSingle();
            return Enumerable.Range(0, 3 + random.NextInt32(4)).Select(t => new Ride { Id = $"{ride}", Time = t, Speed = speed += rises ? 0.2f : -0.2f, Mode = rises ? "up" : "down" });
        })];
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Mode")
            .Append(_context.Transforms.ToSequences("Features", "Id", ["Speed"], "Label"))
            .AppendCacheCheckpoint(_context)
            .Append(_context.MulticlassClassification.Trainers.Lstm(hiddenSize: 8, numberOfEpochs: 15, learningRate: 0.02f));
        var model = pipeline.Fit(Ride.View(_context, rows));
        Assert.IsGreaterThan(0.95, _context.MulticlassClassification.Evaluate(model.Transform(Ride.View(_context, rows))).MicroAccuracy);
        using var stream = new MemoryStream();
        _context.Model.Save(model, null, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.AreEqual(
            _context.MulticlassClassification.Evaluate(model.Transform(Ride.View(_context, rows))).LogLoss, _context.MulticlassClassification.Evaluate(loaded.Transform(Ride.View(_context, rows))).LogLoss);

        // And without a cache, through a shuffle buffer.
        var streamed = _context.Transforms.Conversion.MapValueToKey("Label", "Mode").Append(_context.Transforms.ToSequences("Features", "Id", ["Speed"], "Label"))
            .Append(_context.MulticlassClassification.Trainers.Lstm(new LstmMulticlassTrainer.Options { HiddenSize = 8, NumberOfEpochs = 2, ShuffleBufferSize = 50 })).Fit(Ride.View(_context, rows));
        Assert.AreEqual(180, streamed.LastTransformer.Training.TrainingSequences);
    }

    [TestMethod]
    public void MicrosoftsOperationsOnDataTakeSequences()
    {
        IDataView data = Ride.View(_context, Enumerable.Range(0, 20).SelectMany(copy => Ride.Rows().Select(row =>
        {
            row.Id += copy;
            return row;
        })));
        IDataView sequences = _context.Transforms.ToSequences("Features", "Id", ["Speed"], "Mode").Fit(data).Transform(data);
        var split = _context.Data.TrainTestSplit(sequences, 0.3, seed: 1);
        string[] Ids(IDataView view) => [.. view.GetColumn<string>("Id")];
        Assert.AreSequenceEqual(Ids(sequences).Order(StringComparer.Ordinal).ToArray(), Ids(split.TrainSet).Concat(Ids(split.TestSet)).Order(StringComparer.Ordinal).ToArray());
        Assert.HasCount(60, Ids(_context.Data.ShuffleRows(sequences, seed: 1)).Distinct());
        Assert.AreSequenceEqual(Ids(sequences)[7..10], Ids(_context.Data.TakeRows(_context.Data.SkipRows(sequences, 7), 3)));
        var keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Mode").Append(_context.MulticlassClassification.Trainers.Lstm(hiddenSize: 4, numberOfEpochs: 2));
        Assert.HasCount(3, _context.MulticlassClassification.CrossValidate(sequences, keyed, 3));
    }

    [TestMethod]
    public void WrongColumnsAreNamed()
    {
        string Refused(Action<ToSequencesEstimator.Options> change)
        {
            var options = new ToSequencesEstimator.Options { GroupColumnName = "Id", FeatureColumnNames = ["Speed"] };
            change(options);
            ToSequencesEstimator estimator = _context.Transforms.ToSequences(options);
            string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Ride.View(_context))).Message;
            Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaAccess.Shape(Ride.View(_context).Schema))).Message);
            return message;
        }

        Assert.Contains("Could not find group column 'Idd'", Refused(options => options.GroupColumnName = "Idd"));
        Assert.Contains("Hint: did you mean 'Speed'?", Refused(options => options.FeatureColumnNames = ["Sped"]));
        Assert.Contains("Schema mismatch for feature column 'Time': expected Single, Vector<Single>, Key<UInt32> or Vector<Key<UInt32>>, the same for all features, got Int32", Refused(options => options.FeatureColumnNames = ["Time"]));
        Assert.Contains("outputKind: DataKind.Single", Refused(options => options.FeatureColumnNames = ["Time"]));
        Assert.Contains("Schema mismatch for group column 'Place': expected one value in each row, got Vector<Single>", Refused(options => options.GroupColumnName = "Place"));
        Assert.Contains("Schema mismatch for order column 'Mode': expected numbers or times, got String", Refused(options => options.OrderColumnName = "Mode"));
        Assert.Contains("Could not find kept column 'X'", Refused(options => options.KeptColumnNames = ["X"]));
        Assert.Contains("Could not find label column 'L'", Refused(options => options.LabelColumnName = "L"));
        string illegal = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.ToSequences(new ToSequencesEstimator.Options { OutputColumnName = "Id", GroupColumnName = "Id", Label = (SequenceLabel)9 })).Message;
        Assert.Contains("ToSequencesEstimator.Options.FeatureColumnNames must be the names of one or more columns", illegal);
        Assert.Contains("OutputColumnName must not be that of GroupColumnName, but was 'Id'", illegal);
        Assert.Contains("Label must be Last, First or EveryStep, but was 9", illegal);
    }

    [TestMethod]
    public void AMissingGroupOrOrderIsAnErrorThatNamesTheRow()
    {
        Ride[] rows = Ride.Rows();
        rows[2].Speed = float.NaN;
        string Message(ToSequencesEstimator.Options options) =>
            Assert.Throws<Exception>(() => Read<Labeled>(_context.Transforms.ToSequences(options), rows).ToArray()).GetBaseException().Message;
        Assert.Contains("Group column 'Speed' must name the group of every row, but row 2 (from 0) has a missing value.", Message(new() { GroupColumnName = "Speed", FeatureColumnNames = ["Place"], LabelColumnName = "Mode", Label = SequenceLabel.EveryStep }));
        Assert.Contains("Order column 'Speed' must have a value in every row, but row 2 (from 0)", Message(new() { GroupColumnName = "Id", OrderColumnName = "Speed", FeatureColumnNames = ["Place"], LabelColumnName = "Mode", Label = SequenceLabel.EveryStep }));
    }

    [TestMethod]
    public void NoRowsGiveNoSequences() => Assert.IsEmpty(Read<Sequence>(_context.Transforms.ToSequences("Features", "Id", ["Speed"], "Mode"), []));

    private IEnumerable<T> Read<T>(IEstimator<RowsToSequencesTransformer> estimator, IEnumerable<Ride>? rows = null)
        where T : class, new()
    {
        IDataView data = Ride.View(_context, rows);
        return _context.Data.CreateEnumerable<T>(estimator.Fit(data).Transform(data), reuseRowObject: false, ignoreMissingColumns: true);
    }

    /// <summary>The numbers of two columns of keys mean different words, so that the words of one must not be read from those of the other.</summary>
    [TestMethod]
    public void KeysOfSeveralColumnsKeepTheirValuesWhereTheyAreTheSame()
    {
        IDataView data = Ride.View(_context);
        var keys = _context.Transforms.Conversion.MapValueToKey("One", "Mode").Append(_context.Transforms.Conversion.MapValueToKey("Same", "Mode"))
            .Append(_context.Transforms.Conversion.MapValueToKey("Other", "Mode", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue));
        foreach (var (second, keeps) in new[] { ("Same", true), ("Other", false) })
        {
            IDataView sequences = keys.Append(_context.Transforms.ToSequences("Features", "Id", ["One", second])).Fit(data).Transform(data);
            Assert.AreEqual(keeps, sequences.Schema["Features"].HasKeyValues(), second);
            IDataView windows = keys.Append(_context.Transforms.ToWindows("Features", ["One", second], 2)).Fit(data).Transform(data);
            Assert.AreEqual(keeps, windows.Schema["Features"].HasKeyValues(), second);
        }
    }

    [TestMethod]
    [DataRow(DataKind.Byte)]
    [DataRow(DataKind.UInt16)]
    [DataRow(DataKind.UInt32)]
    [DataRow(DataKind.UInt64)]
    public void AMissingKeyOfAnyWidthIsNoOrder(DataKind kind)
    {
        using var folder = new TestKit.TemporaryFolder();
        File.WriteAllLines(folder.File("rides.csv"), ["1,2,0.5", "1,,0.7", "1,1,0.9"]);
        IDataView data = _context.Data.CreateTextLoader(new TextLoader.Options
        {
            Separators = [','], Columns = [new("Id", DataKind.Int32, 0), new("Order", kind, [new(1)], new KeyCount(9)), new("Speed", DataKind.Single, 2)],
        }).Load(folder.File("rides.csv"));
        var options = new ToSequencesEstimator.Options { GroupColumnName = "Id", FeatureColumnNames = ["Speed"], OrderColumnName = "Order" };
        IDataView sequences = _context.Transforms.ToSequences(options).Fit(data).Transform(data);
        Assert.Contains(
            "Order column 'Order' must have a value in every row, but row 1 (from 0) has NaN or a missing key.",
            Assert.ThrowsExactly<InvalidDataException>(() => sequences.GetColumn<float[]>("Features").ToArray()).Message);
    }
}
