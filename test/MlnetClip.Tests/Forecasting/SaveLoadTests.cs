using System.IO.Compression;
using Microsoft.ML;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class SaveLoadTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly float[] _wave = Forecasts.Wave(40);
    private readonly LstmForecastingTransformer _model;

    public SaveLoadTests() => _model = Forecasts.Fit(_context, options => options.NumberOfLayers = 2);

    [TestMethod]
    public void ALoadedModelForecastsTheSameBits()
    {
        var loaded = (LstmForecastingTransformer)Load(Save(_model));
        Assert.AreSequenceEqual(Forecasts.Weights(_model), Forecasts.Weights(loaded));
        Assert.AreSequenceEqual(_model.Forecast(_wave), loaded.Forecast(_wave));
        Assert.AreEqual((_model.InputColumnName, _model.OutputColumnName), (loaded.InputColumnName, loaded.OutputColumnName));
        Assert.AreEqual((12, SeriesScaling.RelativeToLast, _model.Model.Scale), (loaded.Model.WindowSize, loaded.Model.Scaling, loaded.Model.Scale));
    }

    [TestMethod]
    public void TheTrainingReportComesBackWhole()
    {
        var loaded = ((LstmForecastingTransformer)Load(Save(_model))).Training;
        Assert.AreSequenceEqual(_model.Training.Options.OrderBy(option => option.Key).ToArray(), loaded.Options.OrderBy(option => option.Key).ToArray());
        Assert.AreSequenceEqual(_model.Training.History, loaded.History);
        Assert.AreSequenceEqual(_model.Training.LinearPart!.Forecasts, loaded.LinearPart!.Forecasts);
        Assert.AreEqual(_model.Training.LinearPart.NetworkShare, loaded.LinearPart.NetworkShare);
        Assert.AreEqual(_model.Training, loaded with { Options = _model.Training.Options, History = _model.Training.History, LinearPart = _model.Training.LinearPart, Trace = _model.Training.Trace });
        Assert.IsNull(loaded.Trace);
        Assert.AreEqual(_model.Training.Steps, _model.Training.Trace!.Steps);
        Assert.AreEqual(_model.Training.ClippingSummary, loaded.ClippingSummary);
    }

    [TestMethod]
    public void AChainSavesAndLoads()
    {
        var data = Forecasts.View(_context, _wave);
        var chain = _context.Transforms.CopyColumns("Series", "Value")
            .Append(_context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.InputColumnName = "Series"))).Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(chain, data.Schema, stream);
        float[][] expected = Forecasts.Read(chain.Transform(data)), found = Forecasts.Read(Load(stream.ToArray()).Transform(data));
        for (int t = 11; t < 40; t++) Assert.AreSequenceEqual(expected[t], found[t]);
    }

    [TestMethod]
    public void TheFileHoldsASmallKeyAndOneBinaryEntry()
    {
        using var archive = new ZipArchive(new MemoryStream(Save(_model)));
        string[] own = [.. archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).Where(name => name.StartsWith("TransformerChain/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.AreSequenceEqual(new[] { "TransformerChain/Model.key", "TransformerChain/Weights" }, own);
    }

    [TestMethod]
    [DataRow(0, "begins with")]
    [DataRow(9, "has format version")]
    [DataRow(40, "the checksum does not match")]
    [DataRow(-1, "the checksum does not match")]
    public void AChangedByteIsFound(int position, string problem)
    {
        string message = Refused(bytes =>
        {
            bytes[position < 0 ? bytes.Length + position : position] ^= 0x55;
            return bytes;
        });
        Assert.Contains("forecasting model", message);
        Assert.Contains(problem, message);
    }

    [TestMethod]
    public void ACutOffEntryIsFound() => Assert.Contains("but there are", Refused(bytes => bytes[..(bytes.Length / 2)]));

    [TestMethod]
    public void AMissingEntryIsFound() => Assert.Contains("The model has no entry 'Weights'", Refused(_ => null));

    private byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(model, null, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] file) => new MLContext().Model.Load(new MemoryStream(file), out _);

    /// <summary>The innermost message when a model whose binary entry was changed is loaded: Microsoft.ML wraps what loaders throw.</summary>
    private string Refused(Func<byte[], byte[]?> change)
    {
        using var stream = new MemoryStream();
        stream.Write(Save(_model));
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.Entries.Single(candidate => candidate.Name == "Weights");
            string name = entry.FullName;
            using var content = new MemoryStream();
            using (var old = entry.Open()) old.CopyTo(content);
            entry.Delete();
            if (change(content.ToArray()) is { } bytes)
            {
                using var changed = archive.CreateEntry(name).Open();
                changed.Write(bytes);
            }
        }

        Exception exception = Assert.Throws<Exception>(() => Load(stream.ToArray())).GetBaseException();
        Assert.IsInstanceOfType<InvalidDataException>(exception);
        return exception.Message;
    }
}
