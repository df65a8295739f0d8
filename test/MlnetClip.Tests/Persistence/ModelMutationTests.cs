using System.IO.Compression;
using Microsoft.ML;
using MlnetClip.Forecasting;
using MlnetClip.Sequences;
using MlnetClip.TestKit;
using MlnetClip.Tests.Sequences;
using MlnetClip.Tests.Transforms;
using MlnetClip.Transforms;

namespace MlnetClip.Tests.Persistence;

/// <summary>Damaged models, half of them with a checksum that fits: each is refused with <see cref="InvalidDataException"/>, or it can be used.</summary>
[TestClass]
public sealed class ModelMutationTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly float[] Wave = Forecasts.Wave(40);
    private static readonly Lazy<byte[][]> Models = new(() =>
    [
        Saved(options => { }),
        Saved(options =>
        {
            (options.NumberOfLayers, options.Dropout, options.MeasureTimeSteps, options.Scaling) = (2, 0.1f, true, SeriesScaling.Standardize);
            (options.Clipping, options.NonFinite) = (GradientClipping.Parse("inside:0.01+autoclip:20+value:1"), NonFinitePolicy.SkipStep(3));
        }),
        File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "v0.1", "chained-rules.zip")),
    ]);

    [TestMethod]
    public void NoEntryDoesHarm()
    {
        var mutator = new Mutator(seed: 5);
        byte[][] good = [.. Models.Value.Select(EntryOf), File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Assets", "forecaster-1.bin"))];
        int next = 0;
        MutationRun.Check("Model entries", MutationRun.Count(0.3), () => mutator.EntryWithJson(good[next++ % good.Length]), entry =>
        {
            LstmForecastingTransformer model;
            try
            {
                model = ForecastModelFormat.Read(new MemoryStream(entry), Context);
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("forecasting model", e.Message);
                return false;
            }

            Use(model);
            return true;
        });
    }

    [TestMethod]
    public void NoEntryOfASequenceModelDoesHarm()
    {
        var mutator = new Mutator(seed: 7);
        LstmPredictionTransformer[] models =
        [
            Pulse.Regression(Context, options => options.NumberOfEpochs = 1).Fit(Pulse.View(Context, 40)),
            Pulse.Multiclass(Context, options => options.NumberOfEpochs = 1).Fit(Pulse.Keyed(Context, 40)),
            Pulse.Labeling(Context, options => options.NumberOfEpochs = 1).Fit(Pulse.Keyed(Context, 40)),
        ];
        byte[][] good = Array.ConvertAll(models, model =>
        {
            using var stream = new MemoryStream();
            SequenceModelFormat.Write(stream, model);
            return stream.ToArray();
        });
        int next = 0;
        MutationRun.Check("Sequence model entries", MutationRun.Count(0.1), () => mutator.EntryWithJson(good[next++ % good.Length]), entry =>
        {
            LstmPredictionTransformer model;
            try
            {
                model = SequenceModelFormat.Read(new MemoryStream(entry), Context);
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("sequence model", e.Message);
                return false;
            }

            Assert.IsTrue(Pulse.Weights(model).All(float.IsFinite));
            Assert.IsNotEmpty($"{model.Model}{model.Training}{string.Concat(model.Training.ClippingSummary.Verdicts)}");
            return true;
        });
    }

    [TestMethod]
    public void NoEntryOfATransformFromRowsDoesHarm()
    {
        var mutator = new Mutator(seed: 8);
        IDataView rides = Ride.View(Context);
        RowsToSequencesTransformer[] transforms =
        [
            Context.Transforms.ToSequences("Features", "Id", ["Speed", "Place"], "Mode", SequenceLabel.EveryStep).Fit(rides),
            Context.Transforms.ToWindows("Features", ["Speed"], 3, 2, "Speed").Fit(rides),
        ];
        byte[][] good = Array.ConvertAll(transforms, transformer =>
        {
            using var stream = new MemoryStream();
            RowBlockFormat.Write(stream, transformer);
            return stream.ToArray();
        });
        int next = 0;
        MutationRun.Check("Entries of transforms from rows", MutationRun.Count(0.05), () => mutator.EntryWithJson(good[next++ % good.Length]), entry =>
        {
            RowsToSequencesTransformer transformer;
            try
            {
                transformer = RowBlockFormat.Read(new MemoryStream(entry), Context);
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("transform from rows to sequences", e.Message);
                return false;
            }

            try
            {
                Assert.IsNotEmpty(transformer.GetOutputSchema(rides.Schema));
            }
            catch (ArgumentOutOfRangeException)
            {
                // A column of another name is not there.
            }

            return true;
        });
    }

    [TestMethod]
    public void NoFileDoesHarm()
    {
        var mutator = new Mutator(seed: 6);
        int next = 0;
        MutationRun.Check("Model files, inspected", MutationRun.Count(0.2), () => mutator.Bytes(Models.Value[next++ % Models.Value.Length]), file =>
        {
            ModelFileContents contents;
            try
            {
                contents = ModelFile.Inspect(new MemoryStream(file));
            }
            catch (InvalidDataException)
            {
                return false;
            }

            foreach (SavedForecaster forecaster in contents.Forecasters)
                Use(new LstmForecastingTransformer(Context, forecaster.Description, forecaster.Model, forecaster.Training));
            return true;
        });
    }

    private static void Use(LstmForecastingTransformer model)
    {
        Assert.IsTrue(Forecasts.Weights(model).All(float.IsFinite));
        if (model.Columns.All.Count() == 1) Assert.HasCount(model.Model.Horizon, model.Forecast(Wave));
        Assert.IsNotEmpty(string.Concat(model.Training.ClippingSummary.Verdicts));
        Assert.IsNotEmpty($"{model.Training.Clipping}{model.Training.ClippingSummary.NormMedian}{model.Training}{model.Model.NumberOfLayers}{model.Model.HiddenSize}");
        Assert.IsNotNull(string.Concat(model.Training.ClippingSummary.FirstEvents));
    }

    private static byte[] Saved(Action<LstmForecastingTrainer.Options> change)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Forecasts.Fit(Context, change), null, stream);
        return stream.ToArray();
    }

    private static byte[] EntryOf(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        using var content = new MemoryStream();
        using (Stream entry = archive.Entries.Single(entry => entry.FullName.EndsWith("Weights", StringComparison.Ordinal)).Open()) entry.CopyTo(content);
        return content.ToArray();
    }
}
