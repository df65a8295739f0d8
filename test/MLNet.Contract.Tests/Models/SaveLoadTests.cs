using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Contract.Tests.Support;

namespace MLNet.Contract.Tests.Models;

[TestClass]
public sealed class SaveLoadTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;
    private readonly ITransformer _model;

    public SaveLoadTests()
    {
        _data = _ml.Data.LoadFromEnumerable(Reading.Three);
        _model = _ml.Transforms.CopyColumns("Copy", "Value")
            .Append(_ml.Transforms.Concatenate("All", "Copy", "Features"))
            .Append(_ml.Transforms.DropColumns("Text")).Fit(_data);
    }

    private MemoryStream Save(ITransformer model, DataViewSchema? schema)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    [TestMethod]
    public void A_model_comes_back_and_does_the_same()
    {
        using var file = new TempFile();
        _ml.Model.Save(_model, _data.Schema, file.Path);
        ITransformer loaded = new MLContext().Model.Load(file.Path, out _);
        IDataView expected = _model.Transform(_data), actual = loaded.Transform(_data);
        CollectionAssert.AreEqual(Rows.Names(expected.Schema), Rows.Names(actual.Schema));
        foreach ((float[] e, float[] a) in expected.GetColumn<float[]>("All").Zip(actual.GetColumn<float[]>("All")))
            CollectionAssert.AreEqual(e, a);
    }

    [TestMethod]
    public void A_loaded_chain_is_a_chain_of_the_same_kinds()
    {
        ITransformer loaded = new MLContext().Model.Load(Save(_model, null), out _);
        TransformerChain<ITransformer> chain = Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        CollectionAssert.AreEqual(((IEnumerable<ITransformer>)_model).Select(t => t.GetType()).ToArray(), chain.Select(t => t.GetType()).ToArray());
    }

    [TestMethod]
    public void A_single_transformer_comes_back_as_itself()
    {
        ITransformer single = _ml.Transforms.CopyColumns("Copy", "Value").Fit(_data);
        ITransformer loaded = new MLContext().Model.Load(Save(single, _data.Schema), out _);
        Assert.AreEqual(single.GetType(), loaded.GetType());
    }

    [TestMethod]
    public void Scopes_are_kept()
    {
        ITransformer scoped = new EstimatorChain<ITransformer>()
            .Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("training", "Value"), TransformerScope.Training).Fit(_data);
        var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(Save(scoped, null), out _);
        Assert.IsNull(loaded.GetOutputSchema(_data.Schema).GetColumnOrNull("training"));
        Assert.HasCount(1, loaded);
    }

    [TestMethod]
    public void The_input_schema_comes_back_with_types_and_annotations()
    {
        IDataView data = _ml.Transforms.Concatenate("Named", "Value", "Value").Append(_ml.Transforms.CopyColumns("Value", "Flag")).Fit(_data).Transform(_data);
        _ml.Model.Load(Save(_model, data.Schema), out DataViewSchema schema);
        CollectionAssert.AreEqual(data.Schema.Select(c => $"{c} {c.IsHidden}").ToArray(), schema.Select(c => $"{c} {c.IsHidden}").ToArray());
        CollectionAssert.AreEqual(new[] { "Value", "Value" }, Rows.SlotNames(schema["Named"]));
    }

    [TestMethod]
    public void Every_type_of_column_comes_back()
    {
        DataViewType[] types =
        [
            NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
            NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
            TextDataViewType.Instance, BooleanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
            TimeSpanDataViewType.Instance, new KeyDataViewType(typeof(uint), 3), new VectorDataViewType(NumberDataViewType.Single),
            new VectorDataViewType(NumberDataViewType.Single, 2, 3), new VectorDataViewType(new KeyDataViewType(typeof(byte), 3), 2),
        ];
        var builder = new DataViewSchema.Builder();
        for (int i = 0; i < types.Length; i++)
            builder.AddColumn($"c{i}", types[i]);
        _ml.Model.Load(Save(_model, builder.ToSchema()), out DataViewSchema schema);
        CollectionAssert.AreEqual(types, schema.Select(c => c.Type).ToArray());
    }

    [TestMethod]
    public void Annotations_of_numbers_truths_and_texts_come_back()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Single", NumberDataViewType.Single, 1.5f);
        annotations.AddPrimitiveValue("Double", NumberDataViewType.Double, 2.5);
        annotations.AddPrimitiveValue("Int", NumberDataViewType.Int32, -3);
        annotations.AddPrimitiveValue("UInt", NumberDataViewType.UInt32, 4u);
        annotations.AddPrimitiveValue("Flag", BooleanDataViewType.Instance, true);
        annotations.AddPrimitiveValue("Text", TextDataViewType.Instance, "five".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("a", NumberDataViewType.Single, annotations.ToAnnotations());
        _ml.Model.Load(Save(_model, builder.ToSchema()), out DataViewSchema schema);
        T Value<T>(string kind)
        {
            T value = default!;
            schema["a"].Annotations.GetValue(kind, ref value);
            return value;
        }

        Assert.AreEqual("1.5 2.5 -3 4 True five",
            FormattableString.Invariant($"{Value<float>("Single")} {Value<double>("Double")} {Value<int>("Int")} {Value<uint>("UInt")} {Value<bool>("Flag")} {Value<ReadOnlyMemory<char>>("Text")}"));
    }

    [TestMethod]
    public void Without_an_input_schema_there_is_none_to_load()
    {
        Assert.IsNotNull(_ml.Model.Load(Save(_model, null), out DataViewSchema schema));
        Assert.IsNull(schema);
    }

    [TestMethod]
    public void A_model_file_is_a_zip_with_an_entry_for_each_transformer()
    {
        using var zip = new ZipArchive(Save(_model, _data.Schema));
        string[] names = [.. zip.Entries.Select(e => e.FullName.Replace('\\', '/'))];
        foreach (string name in new[] { "TrainingInfo/Version.txt", "TransformerChain/Model.key", "TransformerChain/Transform_000/Model.key", "TransformerChain/Transform_002/Model.key" })
            CollectionAssert.Contains(names, name);
    }

    [TestMethod]
    public void A_stream_stays_open()
    {
        using MemoryStream stream = Save(_model, _data.Schema);
        _ml.Model.Load(stream, out _);
        Assert.IsTrue(stream.CanRead);
    }

    [TestMethod]
    public void What_is_no_zip_is_no_model()
    {
        using var file = new TempFile("not a model");
        FormatException exception = Assert.ThrowsExactly<FormatException>(() => _ml.Model.Load(file.Path, out _));
        Assert.AreEqual("Failed to open a zip archive", exception.Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.Model.Load(file.Path + ".none", out _));
    }

    [TestMethod]
    public void A_zip_without_a_model_is_none()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("other.txt");
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Load(stream, out _));
    }

    [TestMethod]
    [DataRow("ML\0MODEL")]
    [DataRow("something else")]
    public void An_entry_that_cannot_be_read_is_an_error_of_format(string content)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("TransformerChain/Model.key").Open();
            entry.Write(System.Text.Encoding.ASCII.GetBytes(content));
        }

        Assert.ThrowsExactly<FormatException>(() => _ml.Model.Load(stream, out _));
    }

    [TestMethod]
    public void A_file_needs_a_path()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.Save(_model, null, ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.Load("", out _));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Model.Save(_model, null, (Stream)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Model.Load((Stream)null!, out _));
    }

    [TestMethod]
    public void A_transformer_that_cannot_save_says_so_itself()
    {
        InvalidOperationException exception = Assert.ThrowsExactly<InvalidOperationException>(() => Save(new TransformerChain<ITransformer>(new PassThrough()), null));
        Assert.AreEqual("Not saved here.", exception.Message);
    }
}
