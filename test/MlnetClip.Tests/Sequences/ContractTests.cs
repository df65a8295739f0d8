using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Tests.Sequences;

/// <summary>What Microsoft.ML expects of a trainer and its model: columns, annotations, cursors, engines, and everything around them.</summary>
[TestClass]
public sealed class ContractTests
{
    private static readonly string[] Kinds = ["early", "late", "middle"];

    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Tasks => [["Regression"], ["BinaryClassification"], ["MulticlassClassification"], ["SequenceClassification"]];

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void WhatIsPromisedIsDelivered(string task)
    {
        IDataView data = Pulse.Keyed(_context);
        var (estimator, model) = Fit(task, data);
        SchemaShape promised = estimator.GetOutputSchema(SchemaAccess.Shape(data.Schema));
        DataViewSchema delivered = model.GetOutputSchema(data.Schema);
        Assert.AreSequenceEqual(Describe(promised), Describe(SchemaAccess.Shape(delivered)));
        Assert.AreSequenceEqual(Describe(promised), Describe(SchemaAccess.Shape(model.Transform(data).Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void ColumnsAreThoseOfMicrosoftsTrainers(string task)
    {
        IDataView data = Pulse.Keyed(_context);
        DataViewSchema schema = Fit(task, data).Model.Transform(data).Schema;
        string[] added = [.. schema.Skip(data.Schema.Count).Select(column => $"{column.Name}: {column.Type}")];
        Assert.AreSequenceEqual(
            task switch
            {
                "Regression" => ["Score: Single"],
                "BinaryClassification" => ["Score: Single", "Probability: Single", "PredictedLabel: Boolean"],
                "SequenceClassification" => ["Score: Vector<Single, 6, 3>", "PredictedLabel: Vector<Key<UInt32, 0-2>, 6>"],
                _ => (string[])["Score: Vector<Single, 3>", "PredictedLabel: Key<UInt32, 0-2>"],
            },
            added);
        foreach (DataViewSchema.Column column in schema.Skip(data.Schema.Count))
        {
            Assert.AreEqual(task, Text(column, "ScoreColumnKind"));
            Assert.AreEqual(column.Name, Text(column, "ScoreValueKind"));
            uint set = 0;
            column.Annotations.GetValue("ScoreColumnSetId", ref set);
            Assert.AreEqual(1u, set);
        }
    }

    [TestMethod]
    public void AnotherSetOfScoresHasAnotherNumber()
    {
        IDataView data = Pulse.View(_context), once = Pulse.Regression(_context).Fit(data).Transform(data);
        DataViewSchema twice = Pulse.Binary(_context).Fit(once).Transform(once).Schema;
        uint set = 0;
        twice["Score"].Annotations.GetValue("ScoreColumnSetId", ref set);
        Assert.AreEqual((2u, "BinaryClassification"), (set, Text(twice["Score"], "ScoreColumnKind")));
    }

    [TestMethod]
    public void ScoresOfClassesAreNamedByTheirKeysAndSumToOne()
    {
        IDataView data = Pulse.Keyed(_context), scored = Fit("MulticlassClassification", data).Model.Transform(data);
        VBuffer<ReadOnlyMemory<char>> names = default, trained = default, keys = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        scored.Schema["Score"].Annotations.GetValue("TrainingLabelValues", ref trained);
        scored.Schema["PredictedLabel"].GetKeyValues(ref keys);
        foreach (VBuffer<ReadOnlyMemory<char>> buffer in new[] { names, trained, keys })
            Assert.AreSequenceEqual(Kinds, buffer.DenseValues().Select(name => name.ToString()).Order(StringComparer.Ordinal).ToArray());

        float[][] scores = Pulse.Column<float[]>(scored, "Score");
        uint[] labels = Pulse.Column<uint>(scored, "PredictedLabel");
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(1, scores[i].Sum(), 1e-5);
            Assert.AreEqual(scores[i].Max(), scores[i][labels[i] - 1]);
        }
    }

    [TestMethod]
    public void PredictedKeysMapBackToLabels()
    {
        IDataView data = Pulse.View(_context);
        var model = _context.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(Pulse.Multiclass(_context))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        string[] predicted = Pulse.Column<string>(model.Transform(data), "PredictedLabel"), kinds = Pulse.Column<string>(data, "Kind");
        Assert.IsGreaterThan(0.9, predicted.Zip(kinds).Count(pair => pair.First == pair.Second) / 150.0);
    }

    [TestMethod]
    public void KeysOfNumbersMapBackToNumbers()
    {
        IDataView data = Pulse.View(_context);
        var model = _context.Transforms.Conversion.MapValueToKey("Label", "Value").Append(Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1)).Fit(data);
        ITransformer loaded = SaveAndLoad(model);
        DataViewSchema schema = loaded.Transform(data).Schema;
        VBuffer<float> keys = default, trained = default;
        schema["PredictedLabel"].GetKeyValues(ref keys);
        schema["Score"].Annotations.GetValue("TrainingLabelValues", ref trained);
        Assert.AreSequenceEqual(Pulse.Column<float>(data, "Value").Distinct().ToArray(), keys.DenseValues().ToArray());
        Assert.AreSequenceEqual(keys.DenseValues().ToArray(), trained.DenseValues().ToArray());
        Assert.IsNull(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void ALoadedModelScoresTheSameBits(string task)
    {
        IDataView data = Pulse.Keyed(_context);
        LstmPredictionTransformer model = Fit(task, data).Model, loaded = (LstmPredictionTransformer)SaveAndLoad(model);
        Assert.AreSequenceEqual(Scores(model.Transform(data)), Scores(loaded.Transform(data)));
        Assert.AreEqual((model.FeatureColumnName, model.FeatureColumnType, model.Model.ToString()), (loaded.FeatureColumnName, loaded.FeatureColumnType, loaded.Model.ToString()));
        Assert.AreEqual(model.Training, loaded.Training with { Options = model.Training.Options, History = model.Training.History, Trace = model.Training.Trace });
        Assert.AreSequenceEqual(Describe(SchemaAccess.Shape(model.Transform(data).Schema)), Describe(SchemaAccess.Shape(loaded.Transform(data).Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void CursorsGiveTheSameScoresInAnySubsetOrderAndNumber(string task)
    {
        IDataView data = Pulse.Keyed(_context), scored = Fit(task, data).Model.Transform(data);
        string[] expected = Scores(scored);
        Assert.AreSequenceEqual(expected, Scores(scored), "again");
        Assert.AreSequenceEqual(expected, Scores(_context.Data.Cache(scored)), "cached");

        // A column alone, twice in a row, and not at all.
        DataViewSchema.Column last = scored.Schema[scored.Schema.Count - 1], number = scored.Schema["Number"];
        using (DataViewRowCursor cursor = scored.GetRowCursor([number]))
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.IsFalse(cursor.IsColumnActive(last));
        }

        // Parallel and shuffled cursors, joined by the row's number.
        var found = new SortedDictionary<int, string>();
        DataViewRowCursor[] cursors = scored.GetRowCursorSet(scored.Schema, 3);
        Parallel.ForEach(cursors, cursor => Collect(cursor, found));
        Assert.AreSequenceEqual(expected, found.Values.ToArray(), "parallel");
        found.Clear();
        Collect(scored.GetRowCursor(scored.Schema, new Random(3)), found);
        Assert.AreSequenceEqual(expected, found.Values.ToArray(), "shuffled");
        Assert.AreSequenceEqual(expected, Scores(_context.Data.ShuffleRows(scored, seed: 2)), "rows in another order");
    }

    /// <summary>Sequences of different lengths, some of which cannot be predicted, read in every pattern: all, some, the same one twice.</summary>
    [TestMethod]
    public void RowsPredictedTogetherHaveTheScoresOfEachAlone()
    {
        ITransformer model = Pulse.Binary(_context).Fit(Pulse.View(_context));
        var random = new SeededRandom(5);
        AnyLength[] rows = [.. Enumerable.Range(0, 200).Select(row => new AnyLength { Features = [.. Enumerable.Range(0, 2 * random.NextInt32(9)).Select(_ => row % 11 == 3 ? float.NaN : random.NextSingle())] })];
        using var engine = _context.Model.CreatePredictionEngine<AnyLength, Prediction>(model);
        float[] expected = [.. rows.Select(row => engine.Predict(row).Score)];
        Assert.IsTrue(expected.Any(float.IsNaN) && expected.Any(float.IsFinite));
        Assert.AreSequenceEqual(expected, Pulse.Column<float>(model.Transform(_context.Data.LoadFromEnumerable(rows)), "Score"));

        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        foreach (int stride in new[] { 1, 2, 3, 7, 100 })
        {
            using DataViewRowCursor cursor = scored.GetRowCursorSet([scored.Schema["Score"]], 1)[0];
            ValueGetter<float> read = cursor.GetGetter<float>(cursor.Schema["Score"]);
            float score = 0;
            for (int row = 0; cursor.MoveNext(); row++)
            {
                if (row % stride != 0 && row % 50 > 9) continue;
                for (int again = 0; again < 2; again++)
                {
                    read(ref score);
                    Assert.AreEqual(expected[row], score, $"row {row}");
                }
            }
        }
    }

    [TestMethod]
    public void ASequenceThatIsNotWholeIsAnErrorOfItsOwnRow()
    {
        ITransformer model = Pulse.Binary(_context).Fit(Pulse.View(_context));
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(row => new AnyLength { Features = new float[row == 37 ? 7 : 8] })));
        using DataViewRowCursor cursor = scored.GetRowCursorSet([scored.Schema["Score"]], 1)[0];
        ValueGetter<float> read = cursor.GetGetter<float>(cursor.Schema["Score"]);
        float score = 0;
        for (int row = 0; row < 60; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row != 37) read(ref score);
            else StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => read(ref score)).Message, "row 37 (from 0) has 7 values");
        }
    }

    public sealed class Prediction
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    [TestMethod]
    public void APredictionEngineGivesWhatTransformGives()
    {
        Pulse[] rows = Pulse.Rows(60);
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        ITransformer model = Pulse.Binary(_context).Fit(data);
        using var engine = _context.Model.CreatePredictionEngine<Pulse, Prediction>(model);
        Prediction[] expected = [.. _context.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false)];
        for (int i = 0; i < rows.Length; i++)
        {
            Prediction found = engine.Predict(rows[i]);
            Assert.AreEqual((expected[i].Score, expected[i].Probability, expected[i].PredictedLabel), (found.Score, found.Probability, found.PredictedLabel));
            Assert.AreEqual(1 / (1 + Math.Exp(-found.Score)), found.Probability, 1e-6);
        }
    }

    [TestMethod]
    public void EnginesOfOneModelPredictAtATime()
    {
        Pulse[] rows = Pulse.Rows(60);
        ITransformer model = Pulse.Binary(_context).Fit(_context.Data.LoadFromEnumerable(rows));
        float[] expected = Pulse.Column<float>(model.Transform(_context.Data.LoadFromEnumerable(rows)), "Score");
        Parallel.For(0, 8, _ =>
        {
            using var engine = new MLContext().Model.CreatePredictionEngine<Pulse, Prediction>(model);
            for (int i = 0; i < rows.Length; i++) Assert.AreEqual(expected[i], engine.Predict(rows[i]).Score);
        });
    }

    private sealed class AnyLength
    {
        public float[] Features { get; set; } = [];
    }

    [TestMethod]
    public void SequencesOfOtherLengthsAreScored()
    {
        Pulse[] rows = Pulse.Rows(60);
        ITransformer model = Pulse.Binary(_context).Fit(_context.Data.LoadFromEnumerable(rows));
        using var engine = _context.Model.CreatePredictionEngine<AnyLength, Prediction>(model);
        using var exact = _context.Model.CreatePredictionEngine<Pulse, Prediction>(model);
        Assert.AreEqual(exact.Predict(rows[3]).Score, engine.Predict(new AnyLength { Features = rows[3].Features }).Score);
        Assert.IsTrue(float.IsFinite(engine.Predict(new AnyLength { Features = new float[40] }).Score));
        Assert.IsTrue(float.IsNaN(engine.Predict(new AnyLength()).Score));
    }

    [TestMethod]
    public void ItStandsInAChainWithACacheAndStepsBeforeAndAfter()
    {
        IDataView data = Pulse.View(_context);
        var plain = _context.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(Pulse.Multiclass(_context));
        var cached = _context.Transforms.Conversion.MapValueToKey("Label", "Kind").AppendCacheCheckpoint(_context).Append(Pulse.Multiclass(_context))
            .Append(_context.Transforms.CopyColumns("Copy", "Score"));
        var model = cached.Fit(data);
        Assert.AreSequenceEqual(
            Pulse.Column<float[]>(plain.Fit(data).Transform(data), "Score").SelectMany(row => row).ToArray(),
            Pulse.Column<float[]>(model.Transform(data), "Copy").SelectMany(row => row).ToArray());
        Assert.AreEqual(
            _context.MulticlassClassification.Evaluate(model.Transform(data)).LogLoss, _context.MulticlassClassification.Evaluate(SaveAndLoad(model).Transform(data)).LogLoss);
    }

    [TestMethod]
    public void CrossValidationWorksOnEveryTask()
    {
        IDataView data = Pulse.Keyed(_context, 200);
        var regressions = _context.Regression.CrossValidate(data, Pulse.Regression(_context, options => options.NumberOfEpochs = 25), 3, "Value");
        var binaries = _context.BinaryClassification.CrossValidate(data, Pulse.Binary(_context), 3, "IsLate");
        var classes = _context.MulticlassClassification.CrossValidate(data, Pulse.Multiclass(_context), 3);
        Assert.IsGreaterThan(0.8, regressions.Average(fold => fold.Metrics.RSquared));
        Assert.IsGreaterThan(0.9, binaries.Average(fold => fold.Metrics.Accuracy));
        Assert.IsGreaterThan(0.9, classes.Average(fold => fold.Metrics.MicroAccuracy));
    }

    [TestMethod]
    public void PermutationFindsTheFeaturesThatMatter()
    {
        IDataView data = Pulse.Keyed(_context);
        var binary = Pulse.Binary(_context).Fit(data);
        var importance = _context.BinaryClassification.PermutationFeatureImportance(binary, data, "IsLate");
        Assert.HasCount(12, importance);
        double noise = Enumerable.Range(0, 6).Sum(t => importance[2 * t].Accuracy.Mean), pulse = Enumerable.Range(0, 6).Sum(t => importance[(2 * t) + 1].Accuracy.Mean);
        Assert.IsLessThan(noise - 0.1, pulse, "permuting the pulse costs accuracy");

        var regression = Pulse.Regression(_context).Fit(data);
        Assert.HasCount(12, _context.Regression.PermutationFeatureImportance(regression, data, "Value"));
        var classes = Pulse.Multiclass(_context).Fit(data);
        Assert.HasCount(12, _context.MulticlassClassification.PermutationFeatureImportance(classes, data));
    }

    public sealed class Wide
    {
        public float A { get; set; }

        public float B { get; set; }

        public float C { get; set; }

        public bool Label { get; set; }
    }

    [TestMethod]
    public void PermutationFindsTheModelInAChain()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => new Wide { A = i % 7, B = i % 3, C = i % 5, Label = i % 3 == 2 }).ToArray());
        ITransformer model = _context.Transforms.Concatenate("Features", "A", "B", "C")
            .Append(_context.BinaryClassification.Trainers.Lstm(hiddenSize: 6, numberOfEpochs: 30, learningRate: 0.03f)).Fit(data);
        var importance = _context.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(data));
        Assert.AreEqual("B", importance.MinBy(feature => feature.Value.Accuracy.Mean).Key);
    }

    [TestMethod]
    public void TheTrainerSaysWhatItNeeds()
    {
        var trainer = Pulse.Regression(_context);
        Assert.AreEqual((false, false), (trainer.Info.NeedNormalization, trainer.Info.WantCaching));
    }

    private (IEstimator<LstmPredictionTransformer> Estimator, LstmPredictionTransformer Model) Fit(string task, IDataView data)
    {
        IEstimator<LstmPredictionTransformer> estimator = task switch
        {
            "Regression" => Pulse.Regression(_context),
            "BinaryClassification" => Pulse.Binary(_context),
            "SequenceClassification" => Pulse.Labeling(_context),
            _ => Pulse.Multiclass(_context),
        };
        return (estimator, estimator.Fit(data));
    }

    private ITransformer SaveAndLoad(ITransformer model)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(model, null, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }

    /// <summary>All columns that were added, a line for each row, in the order of the rows' numbers.</summary>
    private static string[] Scores(IDataView scored)
    {
        var found = new SortedDictionary<int, string>();
        Collect(scored.GetRowCursor(scored.Schema), found);
        return [.. found.Values];
    }

    private static void Collect(DataViewRowCursor cursor, SortedDictionary<int, string> found)
    {
        using (cursor)
        {
            var readNumber = cursor.GetGetter<int>(cursor.Schema["Number"]);
            var readers = cursor.Schema.Where(column => column.Annotations.Schema.GetColumnOrNull("ScoreColumnKind") is not null && !column.IsHidden)
                .Select(column => Reader(cursor, column)).ToArray();
            int number = 0;
            while (cursor.MoveNext())
            {
                readNumber(ref number);
                string line = string.Join(' ', readers.Select(read => read()));
                lock (found) found[number] = line;
            }
        }
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { ItemType: KeyDataViewType } => Read<VBuffer<uint>>(row, column, buffer => string.Join(' ', buffer.DenseValues())),
        VectorDataViewType => Read<VBuffer<float>>(row, column, buffer => string.Join(' ', buffer.DenseValues().Select(value => $"{value:R}"))),
        KeyDataViewType => Read<uint>(row, column, value => $"{value}"),
        BooleanDataViewType => Read<bool>(row, column, value => $"{value}"),
        _ => Read<float>(row, column, value => $"{value:R}"),
    };

    private static Func<string> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> print)
    {
        ValueGetter<T> read = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            read(ref value);
            return print(value);
        };
    }

    private static string[] Describe(SchemaShape shape) =>
        [.. shape.Select(column => $"{column.Name}: {SchemaAccess.TypeText(column)} ({string.Join(", ", column.Annotations.Select(a => $"{a.Name}: {SchemaAccess.TypeText(a)}").Order(StringComparer.Ordinal))})")
            .Order(StringComparer.Ordinal)];

    private static string Text(DataViewSchema.Column column, string annotation)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(annotation, ref text);
        return text.ToString();
    }
}
