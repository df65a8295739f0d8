using System.IO.Compression;
using Microsoft.ML;
using MlnetClip.TestKit;
using MlnetClip.Tests.Sequences;

namespace MlnetClip.Tests.Persistence;

/// <summary>Reading model files as data, without Microsoft.ML.</summary>
[TestClass]
public sealed class ModelFileTests
{
    private static readonly string Old = Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "v0.1");
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void WhatIsReadIsWhatIsLoaded()
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context);
        using var file = new MemoryStream();
        _context.Model.Save(model, null, file);

        ModelFileContents contents = ModelFile.Inspect(file);

        SavedForecaster forecaster = Assert.ContainsSingle(contents.Forecasters);
        Assert.AreEqual((model.InputColumnName, model.OutputColumnName), (forecaster.InputColumnName, forecaster.OutputColumnName));
        Assert.AreEqual((12, 3, 6, 1), (forecaster.Model.WindowSize, forecaster.Model.Horizon, forecaster.Model.HiddenSize, forecaster.Model.NumberOfLayers));
        Assert.AreSequenceEqual(model.Model.GetWeights("head.weight").ToArray(), forecaster.Model.GetWeights("head.weight").ToArray());
        Assert.AreEqual(model.Training.ClippingSummary, forecaster.Training.ClippingSummary);
        SavedComponent component = Assert.ContainsSingle(contents.Components);
        Assert.AreEqual(("TransformerChain", "LstmForecasting"), (component.Path, component.LoaderSignature));
        Assert.StartsWith("MlnetClip, Version=1.0.0.0", component.LoaderAssembly);
        Assert.IsInstanceOfType<LstmForecastingTransformer>(_context.Model.Load(file, out _), "The stream stays open.");
    }

    [TestMethod]
    public void APipelineShowsWhatItWouldLoad()
    {
        ModelFileContents contents = ModelFile.Inspect(Path.Combine(Old, "standardized-chain.zip"));

        Assert.HasCount(1, contents.Forecasters);
        Assert.Contains("Microsoft.ML.Data", string.Join('\n', contents.Components.Select(component => component.LoaderAssembly)));
        Assert.IsTrue(contents.Components.Any(component => component is { Path: "TransformerChain/Transform_002", LoaderSignature: "LstmForecasting" }));
    }

    [TestMethod]
    public void NothingThatAFileNamesIsLoaded()
    {
        // A component of an assembly that does not exist: Microsoft.ML would look for it, this does not.
        byte[] file = Change(File.ReadAllBytes(Path.Combine(Old, "autoclip.zip")), "Model.key", key =>
        {
            int at = key.AsSpan().IndexOf("M\0l\0n\0e\0t\0C\0l\0i\0p\0"u8);
            "E\0v\0i\0l\0"u8.CopyTo(key.AsSpan(at));
            return key;
        });
        ModelFileContents contents = ModelFile.Inspect(new MemoryStream(file));
        Assert.HasCount(1, contents.Forecasters);
        Assert.StartsWith("EviltClip", contents.Components[0].LoaderAssembly);
        Assert.Throws<Exception>(() => _context.Model.Load(new MemoryStream(file), out _));
    }

    [TestMethod]
    public void AnErrorNamesTheEntryAndTheField()
    {
        byte[] file = Change(File.ReadAllBytes(Path.Combine(Old, "autoclip.zip")), "Weights",
            entry => Mutator.SealJson(entry, json => json.Replace("\"HiddenSize\":5", "\"HiddenSize\":50000", StringComparison.Ordinal)));
        var error = Assert.Throws<InvalidDataException>(() => ModelFile.Inspect(new MemoryStream(file)));
        Assert.StartsWith("Entry 'TransformerChain/Weights': The forecasting model is damaged: ModelSpec: 'lstm.weight_hh_l0' would have ", error.Message);
    }

    [TestMethod]
    public void AFileThatUnpacksToFarMoreThanItsSizeIsRefusedByItsDirectory()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("TransformerChain/Weights", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) entry.Write(zeros);
        }

        Assert.IsLessThan(1 << 20, file.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => ModelFile.Inspect(file));
        Assert.Contains("unpacks to more than", error.Message);
        Assert.IsLessThan(10 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void AnEntryThatIsThereTwiceIsRefused()
    {
        using var file = new MemoryStream();
        file.Write(File.ReadAllBytes(Path.Combine(Old, "autoclip.zip")));
        using (var archive = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true)) archive.CreateEntry(@"TransformerChain\Weights");

        Assert.Contains("twice", Assert.Throws<InvalidDataException>(() => ModelFile.Inspect(file)).Message);
    }

    [TestMethod]
    public void ModelsOverSequencesAreReadToo()
    {
        IDataView pulses = Pulse.Keyed(_context, 40);
        LstmPredictionTransformer[] models =
        [
            Pulse.Regression(_context, options => options.NumberOfEpochs = 1).Fit(pulses),
            Pulse.Binary(_context, options => options.NumberOfEpochs = 1).Fit(pulses),
            Pulse.Multiclass(_context, options => options.NumberOfEpochs = 1).Fit(pulses),
        ];
        foreach (LstmPredictionTransformer model in models)
        {
            using var file = new MemoryStream();
            _context.Model.Save(model, pulses.Schema, file);
            ModelFileContents contents = ModelFile.Inspect(file);

            SavedSequenceModel saved = Assert.ContainsSingle(contents.SequenceModels);
            Assert.IsEmpty(contents.Forecasters);
            Assert.AreEqual("Features", saved.FeatureColumnName);
            Assert.AreEqual($"{model.Model}, {model.Training}", $"{saved.Model}, {saved.Training}");
            Assert.AreSequenceEqual(model.Model.GetWeights("head.bias").ToArray(), saved.Model.GetWeights("head.bias").ToArray());
            string[] appended = [.. model.GetOutputSchema(pulses.Schema).Skip(pulses.Schema.Count).Select(column => column.Name)];
            Assert.AreSequenceEqual(appended, saved.OutputColumnNames);
            Assert.HasCount(saved.Task == "MulticlassClassification" ? 3 : 0, saved.Classes);
            Assert.AreEqual(saved.Task == "MulticlassClassification" ? 3 : 1, saved.NumberOfOutputs);

            byte[] damaged = Change(file.ToArray(), "Weights", entry => entry[..^1]);
            Assert.Contains("Weights': The sequence model is damaged", Assert.ThrowsExactly<InvalidDataException>(() => ModelFile.Inspect(new MemoryStream(damaged))).Message);
        }
    }

    [TestMethod]
    public void AModelWithoutAForecasterHasNone()
    {
        using var file = new MemoryStream();
        IDataView data = Forecasts.View(_context, Forecasts.Wave(10));
        _context.Model.Save(_context.Transforms.CopyColumns("Copy", "Value").Fit(data), data.Schema, file);

        ModelFileContents contents = ModelFile.Inspect(file);

        Assert.IsEmpty(contents.Forecasters);
        Assert.AreEqual("CopyTransform", Assert.ContainsSingle(contents.Components).LoaderSignature);
    }

    private static byte[] Change(byte[] file, string name, Func<byte[], byte[]> change)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.Entries.Single(entry => entry.FullName.EndsWith(name, StringComparison.Ordinal));
            using var content = new MemoryStream();
            using (Stream old = entry.Open()) old.CopyTo(content);
            string full = entry.FullName;
            entry.Delete();
            using Stream changed = archive.CreateEntry(full).Open();
            changed.Write(change(content.ToArray()));
        }

        return stream.ToArray();
    }
}
