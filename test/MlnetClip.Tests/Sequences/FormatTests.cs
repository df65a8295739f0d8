using System.Text.Json.Nodes;
using Microsoft.ML;
using MlnetClip.Checkpoints;
using MlnetClip.Sequences;

namespace MlnetClip.Tests.Sequences;

/// <summary>A model entry whose fields do not fit each other, or the bytes that are there, is refused by the name of the field.</summary>
[TestClass]
public sealed class FormatTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("FeatureSize", "13", "FeatureSize must be 0 or more in steps of 2, but is 13")]
    [DataRow("FeatureSize", "-2", "FeatureSize must be 0 or more")]
    [DataRow("FeatureDimensions", "[6,3]", "FeatureDimensions must be two or more lengths whose product is 12, but are 6, 3")]
    [DataRow("FeatureDimensions", "[-6,-2]", "FeatureDimensions must be two or more lengths")]
    [DataRow("FeatureDimensions", "[]", "FeatureDimensions must be two or more lengths")]
    [DataRow("FeatureMeans", "[1]", "FeatureMeans must be 2 finite numbers")]
    [DataRow("FeatureMeans", "[1,\"NaN\"]", "FeatureMeans must be 2 finite numbers")]
    [DataRow("FeatureScales", "[1,0]", "FeatureScales must be 2 numbers above 0")]
    [DataRow("FeatureScales", "null", "damaged")]
    [DataRow("Task", "\"Ranking\"", "Task must be Regression, BinaryClassification, MulticlassClassification or SequenceClassification, but is 'Ranking'")]
    [DataRow("Task", "\"BinaryClassification\"", "Model.Head.Outputs must be 1, but is 3")]
    [DataRow("Task", "\"SequenceClassification\"", "Model.Head.Pooling must be EveryStep")]
    [DataRow("LabelKeys", "[\"a\",\"b\"]", "LabelKeys must be 3, one for each class, but are 2")]
    [DataRow("LabelKeyType", "\"Int32\"", "damaged")]
    [DataRow("LabelKeyType", "\"Matrix\"", "There are no keys of type 'Matrix'")]
    [DataRow("Model.Features", "2000000000", "damaged")]
    [DataRow("Model.Features", "3", "Model describes ")]
    [DataRow("Model.Layers", "[]", "must have a recurrent layer")]
    [DataRow("Model.Head.Pooling", "\"EveryStep\"", "Model.Head.Pooling must be Last, Mean or Max")]
    [DataRow("Model.Head.Pooling", "\"None\"", "damaged")]
    [DataRow("Model.Embeddings", "[null]", "damaged")]
    [DataRow("Model.Head", "null", "damaged")]
    [DataRow("Training", "null", "damaged")]
    [DataRow("Model.Head.Outputs", "2147483647", "damaged")]
    public void AFieldThatDoesNotFitIsNamed(string field, string value, string problem)
    {
        LstmPredictionTransformer model = Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(Pulse.Keyed(_context, 40));
        using var stream = new MemoryStream();
        SequenceModelFormat.Write(stream, model);
        var envelope = new Envelope("MLNCLSEQ", 1, "sequence model");
        stream.Position = 0;
        var (json, rest) = envelope.Read(stream, (reader, _) => (reader.ReadString(), reader.ReadBytes((int)(reader.BaseStream.Length - reader.BaseStream.Position))));
        JsonNode description = JsonNode.Parse(json)!, parent = description;
        string[] path = field.Split('.');
        foreach (string name in path[..^1]) parent = parent[name]!;
        parent[path[^1]] = JsonNode.Parse(value);

        using var changed = new MemoryStream();
        envelope.Write(changed, writer =>
        {
            writer.Write(description.ToJsonString());
            writer.Write(rest);
        });
        changed.Position = 0;
        string message = Assert.ThrowsExactly<InvalidDataException>(() => SequenceModelFormat.Read(changed, _context)).Message;
        Assert.Contains("The sequence model is damaged: ", message);
        Assert.Contains(problem, message);
    }

    [TestMethod]
    public void AnUnchangedEntryIsRead()
    {
        LstmPredictionTransformer model = Pulse.Regression(_context, options => options.NumberOfEpochs = 1).Fit(Pulse.View(_context, 40));
        using var stream = new MemoryStream();
        SequenceModelFormat.Write(stream, model);
        stream.Position = 0;
        Assert.AreSequenceEqual(Pulse.Weights(model), Pulse.Weights(SequenceModelFormat.Read(stream, _context)));
    }

    [TestMethod]
    [DataRow(6, 2)]
    [DataRow(0, 2)]
    [DataRow(12, 1)]
    public void TheTypeOfTheColumnIsLoaded(int steps, int perStep)
    {
        var definition = Microsoft.ML.Data.SchemaDefinition.Create(typeof(Pulse));
        definition["Features"].ColumnType = new Microsoft.ML.Data.VectorDataViewType(Microsoft.ML.Data.NumberDataViewType.Single, steps, perStep);
        IDataView data = _context.Data.LoadFromEnumerable(Pulse.Rows(30), definition);
        LstmPredictionTransformer model = Pulse.Regression(_context, options => options.NumberOfEpochs = 1).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = (LstmPredictionTransformer)_context.Model.Load(stream, out _);
        Assert.AreEqual(data.Schema["Features"].Type, loaded.FeatureColumnType);
    }
}
