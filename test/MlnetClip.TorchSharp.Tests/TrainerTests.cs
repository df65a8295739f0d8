using System.Globalization;
using Microsoft.ML;
using MlnetClip.TestKit;
using MlnetClip.Tests;
using MlnetClip.Tests.Sequences;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The trainers of Microsoft.ML with the engine as an option.</summary>
[TestClass]
public sealed class TrainerTests : LibtorchTest
{
    private const double Tolerance = 1e-3; // of weights after tens of steps of Adam

    private static readonly Dictionary<string, Func<MLContext, TrainingBackend, (IReadOnlyList<string> Names, Func<string, float[]> Weights, LstmTrainingReport Report)>> Trainers = new()
    {
        ["forecasting"] = (context, engine) => Of(Forecasts.Fit(context, options => (options.Backend, options.NumberOfLayers, options.Dropout) = (engine, 2, 0.2f))),
        ["regression"] = (context, engine) => Of(Pulse.Regression(context, options => options.Backend = engine).Fit(Pulse.View(context))),
        ["binary"] = (context, engine) => Of(Pulse.Binary(context, options => (options.Backend, options.Cell) = (engine, RecurrentCell.Gru)).Fit(Pulse.View(context))),
        ["multiclass"] = (context, engine) => Of(Pulse.Multiclass(context, options => (options.Backend, options.Bidirectional) = (engine, true)).Fit(Pulse.Keyed(context))),
        ["labeling"] = (context, engine) => Of(Pulse.Labeling(context, options => options.Backend = engine).Fit(Pulse.Keyed(context))),
    };

    public static IEnumerable<object[]> Tasks => Trainers.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void EveryTrainerLearnsTheSameWeights(string task)
    {
        var (names, expected, managed) = Trainers[task](new MLContext(seed: 1), TrainingBackend.Managed);
        var (_, actual, torch) = Trainers[task](new MLContext(seed: 1), TorchSharpBackend.Default);

        Assert.AreEqual("torch", torch.Options["Backend"]);
        Assert.AreEqual(managed.BestEpoch, torch.BestEpoch);
        Assert.AreEqual(managed.ClippingSummary.ClippedSteps, torch.ClippingSummary.ClippedSteps);
        Near.AssertRelative(managed.TrainingLoss, torch.TrainingLoss, Tolerance, "training loss");
        foreach (string name in names) Near.AssertAll(expected(name), actual(name), Tolerance, name);
    }

    [TestMethod]
    public void AModelPredictsInAProcessWithoutLibtorch()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        IDataView data = Co2.Load(context);
        var model = context.Forecasting.ForecastByLstm(Forecasts.Options(options =>
            (options.InputColumnName, options.Backend, options.NumberOfEpochs, options.LinearPart) = ("Co2", TorchSharpBackend.Default, 1, LinearPartUse.None))).Fit(data);
        context.Model.Save(model, data.Schema, folder.File("model.zip"));
        string[] expected = [.. Forecasts.Read(model.Transform(data)).TakeLast(5).Select(row => string.Join(' ', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))))];

        ProcessOutcome outcome = ProcessRunner.RunAssembly(Co2.Sample("LoadAndForecast"), [folder.File("model.zip"), Co2.File, "5"]);

        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.AreSequenceEqual(expected, outcome.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.IsFalse(File.Exists(Path.Combine(Path.GetDirectoryName(Co2.Sample("LoadAndForecast"))!, "TorchSharp.dll")));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void AModelOfOneEngineContinuesOnTheOther(bool startsOnTorch)
    {
        (TrainingBackend first, TrainingBackend second) = startsOnTorch ? (TorchSharpBackend.Default, TrainingBackend.Managed) : (TrainingBackend.Managed, (TrainingBackend)TorchSharpBackend.Default);
        var context = new MLContext(seed: 1);
        IDataView data = Pulse.View(context);
        LstmPredictionTransformer trained = Pulse.Regression(context, options => options.Backend = first).Fit(data);

        LstmPredictionTransformer again = Pulse.Regression(context, options => (options.Backend, options.NumberOfEpochs, options.LearningRate) = (second, 1, 1e-6f)).Fit(data, null, trained.Model);

        Assert.IsTrue(again.Training.WarmStart);
        foreach (string name in trained.Model.ParameterNames) Near.AssertAll(trained.Model.GetWeights(name), again.Model.GetWeights(name), 1e-4, name);
        LstmPredictionTransformer other = Pulse.Regression(context, options => (options.Backend, options.NumberOfEpochs, options.LearningRate) = (first, 1, 1e-6f)).Fit(data, null, trained.Model);
        Near.AssertRelative(other.Training.TrainingLoss, again.Training.TrainingLoss, 1e-4, "loss from the same start on the first engine");
    }

    [TestMethod]
    public void AFitThatWasCancelledResumesWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        float[] whole = Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 3), Options));
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => Forecasts.Fit(new MLContext(seed: 3), options =>
        {
            Options(options);
            options.CancellationToken = cancellation.Token;
            options.CheckpointPath = folder.File("fit.ckpt");
            options.MetricsCallback = report => { if (report.Epoch == 2) cancellation.Cancel(); };
        }));

        float[] resumed = Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 3), options =>
        {
            Options(options);
            options.CheckpointPath = folder.File("fit.ckpt");
        }));

        Near.AssertSameBits(whole, resumed, "weights");
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Forecasts.Fit(new MLContext(seed: 3), options =>
        {
            Options(options);
            (options.Backend, options.CheckpointPath) = (TrainingBackend.Managed, folder.File("fit.ckpt"));
        }));
        Assert.Contains("Backend", error.Message);

        static void Options(LstmForecastingTrainer.Options options) =>
            (options.Backend, options.NumberOfEpochs, options.NumberOfLayers, options.Dropout) = (TorchSharpBackend.Default, 4, 2, 0.3f);
    }

    [TestMethod]
    public void TheGpuOfTheContextDecidesTheDevice()
    {
        var warnings = new List<string>();
        var context = new MLContext(seed: 1) { GpuDeviceId = 2, FallbackToCpu = true };
        context.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(message.Message);
        };
        Forecasts.Fit(context, options => options.Backend = TorchSharpBackend.Default);
        Assert.IsTrue(warnings.Any(warning => warning.Contains("MLContext.GpuDeviceId is 2, but there is no cuda:2", StringComparison.Ordinal)), string.Join('\n', warnings));

        context.FallbackToCpu = false;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Forecasts.Fit(context, options => options.Backend = TorchSharpBackend.Default));
        Assert.Contains("there is no cuda:2", error.Message);
    }

    [TestMethod]
    public void AStudySearchesOnIt()
    {
        var context = new MLContext(seed: 1);
        ClippingStudyResult result = context.CreateClippingStudy(new ClippingStudyOptions
        {
            Pipeline = clipping => Pulse.Regression(context, options => (options.Backend, options.Clipping, options.NumberOfEpochs) = (TorchSharpBackend.Default, clipping, 4)),
            Budget = new StudyBudget { MaxModelToExplore = 3 },
        }).Run(Pulse.View(context));

        Assert.IsNotEmpty(result.Trials);
        Assert.IsTrue(result.Trials.All(trial => trial.Failure is null));
    }

    private static (IReadOnlyList<string> Names, Func<string, float[]> Weights, LstmTrainingReport Report) Of(LstmForecastingTransformer model) =>
        (model.Model.ParameterNames, name => model.Model.GetWeights(name).ToArray(), model.Training);

    private static (IReadOnlyList<string> Names, Func<string, float[]> Weights, LstmTrainingReport Report) Of(LstmPredictionTransformer model) =>
        (model.Model.ParameterNames, name => model.Model.GetWeights(name).ToArray(), model.Training);
}
