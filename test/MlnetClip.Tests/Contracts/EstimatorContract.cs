using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Tests.Contracts;

/// <summary>What Microsoft.ML promises its users of every estimator and its transformer.</summary>
public abstract class EstimatorContract
{
    /// <summary>The context of a test.</summary>
    protected MLContext Context { get; } = new(seed: 1);

    /// <summary>The estimator, new for each call.</summary>
    protected abstract IEstimator<ITransformer> Create(MLContext context);

    /// <summary>Rows to fit and to transform; column TextVector holds vectors of texts.</summary>
    protected abstract IDataView Data(int rows);

    /// <summary>The columns that a fit reads, and those that a transformer reads.</summary>
    protected abstract (string[] Fit, string[] Transform) Columns { get; }

    /// <summary>Whether each output row comes from one input row.</summary>
    protected virtual bool MapsRows => true;

    /// <summary>Whether rows may be read in another order.</summary>
    protected virtual bool ReadsInAnyOrder => MapsRows;

    [TestMethod]
    public void ThePromisedSchemaIsDelivered()
    {
        IDataView data = Data(60);
        IEstimator<ITransformer> estimator = Create(Context);
        ITransformer model = estimator.Fit(data);
        string[] promised = Describe(estimator.GetOutputSchema(SchemaAccess.Shape(data.Schema)));
        Assert.AreSequenceEqual(promised, Describe(SchemaAccess.Shape(model.GetOutputSchema(data.Schema))));
        Assert.AreSequenceEqual(promised, Describe(SchemaAccess.Shape(model.Transform(data).Schema)));
        Assert.AreEqual(MapsRows, model.IsRowToRowMapper);
    }

    [TestMethod]
    public void EveryFitGivesTheSame()
    {
        IDataView data = Data(60);
        IEstimator<ITransformer> estimator = Create(Context);
        string[] first = RowTexts.Of(estimator.Fit(data).Transform(data));
        Assert.AreSequenceEqual(first, RowTexts.Of(estimator.Fit(data).Transform(data)), "the same estimator");
        Assert.AreSequenceEqual(first, RowTexts.Of(Create(new MLContext(seed: 1)).Fit(data).Transform(data)), "another context of the same seed");
    }

    [TestMethod]
    public void ALoadedModelGivesTheSame()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        using var stream = new MemoryStream();
        Context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema schema);
        Assert.AreSequenceEqual(RowTexts.Of(model.Transform(data)), RowTexts.Of(loaded.Transform(data)));
        Assert.AreSequenceEqual(Describe(SchemaAccess.Shape(model.GetOutputSchema(schema))), Describe(SchemaAccess.Shape(loaded.GetOutputSchema(schema))));
    }

    [TestMethod]
    public void AProcessThatKnowsOnlyTheFilesGivesTheSame()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        Assert.AreSequenceEqual(RowTexts.Of(model.Transform(data)), FreshProcess.Transform(Context, model, data));
    }

    [TestMethod]
    public void CursorsGiveTheSameForAnyColumnsInAnyNumber()
    {
        IDataView data = Data(60), output = Create(Context).Fit(data).Transform(data);
        string[] names = RowTexts.Names(output.Schema), all = RowTexts.Of(output);
        Assert.AreSequenceEqual(all, RowTexts.Of(output), "a second time");
        Assert.AreSequenceEqual(all, RowTexts.Of(Context.Data.Cache(output)), "from a cache");
        Assert.AreSequenceEqual(all.Select(line => string.Join('|', line.Split('|').Reverse())).ToArray(), RowTexts.Of(output, names.Reverse()), "columns in another order");
        for (int i = 0; i < names.Length; i++)
        {
            Assert.AreSequenceEqual(all.Select(line => line.Split('|')[i]).ToArray(), RowTexts.Of(output, names[i]), names[i]);
            using DataViewRowCursor one = output.GetRowCursor([output.Schema[names[i]]]);
            Assert.IsTrue(one.IsColumnActive(output.Schema[names[i]]));
        }

        DataViewSchema.Column[] columns = [.. names.Select(name => output.Schema[name])];
        string[] parallel = [.. output.GetRowCursorSet(columns, 3).AsParallel().SelectMany(cursor =>
        {
            using (cursor) return RowTexts.Of(cursor, columns);
        })];
        Assert.AreSequenceEqual(all.Order(StringComparer.Ordinal).ToArray(), parallel.Order(StringComparer.Ordinal).ToArray(), "several cursors");
        using DataViewRowCursor shuffled = output.GetRowCursor(columns, new Random(7));
        string[] found = RowTexts.Of(shuffled, columns);
        Assert.AreSequenceEqual(all.Order(StringComparer.Ordinal).ToArray(), found.Order(StringComparer.Ordinal).ToArray(), "shuffled");
        Assert.AreEqual(ReadsInAnyOrder && data.CanShuffle, output.CanShuffle);
        if (!output.CanShuffle) Assert.AreSequenceEqual(all, found, "a view that cannot shuffle keeps its order");
    }

    /// <summary>What a PredictionEngine does: one mapper of single rows, which engines on several threads share.</summary>
    [TestMethod]
    public void RowsOneByOneGiveWhatTransformGives()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        if (!MapsRows)
        {
            Assert.Throws<InvalidOperationException>(() => model.GetRowToRowMapper(data.Schema));
            return;
        }

        string[] expected = RowTexts.Of(model.Transform(data));
        IRowToRowMapper mapper = model.GetRowToRowMapper(data.Schema);
        Parallel.For(0, 4, _ =>
        {
            using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
            using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
            DataViewSchema.Column[] columns = [.. RowTexts.Names(mapper.OutputSchema).Select(name => mapper.OutputSchema[name])];
            Assert.AreSequenceEqual(expected, RowTexts.Of(row, columns, cursor.MoveNext));
        });
    }

    [TestMethod]
    public void ItStandsBetweenOtherSteps()
    {
        IDataView data = Data(60);
        string column = Columns.Transform[0];
        var chain = Context.Transforms.CopyColumns("Before", column).AppendCacheCheckpoint(Context).Append(Create(Context));
        IDataView plain = Create(Context).Fit(data).Transform(data);
        string last = RowTexts.Names(plain.Schema)[^1];
        var model = chain.Append(Context.Transforms.CopyColumns("After", last)).Fit(data);
        Assert.AreSequenceEqual(RowTexts.Of(plain, last), RowTexts.Of(model.Transform(data), "After"));
    }

    [TestMethod]
    public void NoRowsAndOneRow()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        Assert.IsEmpty(RowTexts.Of(model.Transform(Context.Data.SkipRows(data, 1000))));
        if (MapsRows) Assert.AreSequenceEqual(RowTexts.Of(model.Transform(data)).Take(1).ToArray(), RowTexts.Of(model.Transform(Context.Data.TakeRows(data, 1))));
    }

    [TestMethod]
    public void AMissingColumnIsNamed()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        foreach (string column in Columns.Fit)
        {
            IDataView without = Context.Transforms.DropColumns(column).Fit(data).Transform(data);
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => Create(Context).Fit(without), column).Message);
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => Create(Context).GetOutputSchema(SchemaAccess.Shape(without.Schema)), column).Message);
            if (!Columns.Transform.Contains(column)) model.Transform(without);
            else Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => model.Transform(without), column).Message);
        }
    }

    [TestMethod]
    public void AColumnOfAnotherTypeIsNamed()
    {
        IDataView data = Data(60);
        ITransformer model = Create(Context).Fit(data);
        foreach (string column in Columns.Fit)
        {
            // Vectors of texts are what no estimator of ours reads.
            IDataView other = Context.Transforms.CopyColumns(column, "TextVector").Fit(data).Transform(data);
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => Create(Context).Fit(other), column).Message);
            if (Columns.Transform.Contains(column)) Assert.Contains($"'{column}'", Assert.Throws<ArgumentException>(() => model.Transform(other), column).Message);
        }
    }

    private static string[] Describe(SchemaShape shape) =>
        [.. shape.Select(column => $"{column.Name}: {SchemaAccess.TypeText(column)} ({string.Join(", ", column.Annotations.Select(a => $"{a.Name}: {SchemaAccess.TypeText(a)}").Order(StringComparer.Ordinal))})")
            .Order(StringComparer.Ordinal)];
}
