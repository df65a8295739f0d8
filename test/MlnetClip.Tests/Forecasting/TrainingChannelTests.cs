using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>What a fit reports while it runs, and how it is stopped.</summary>
[TestClass]
public sealed class TrainingChannelTests
{
    [TestMethod]
    public void ASecondFitOnACheckpointIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        Exception? second = null;
        Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.CheckpointPath = path;
            options.MetricsCallback = report =>
            {
                if (report.Epoch == 2) second = Assert.Throws<IOException>(() => Forecasts.Fit(new MLContext(seed: 1), other => other.CheckpointPath = path));
            };
        });
        Assert.StartsWith($"The checkpoint '{path}' is in use by another fit.{Environment.NewLine}Hint: ", second!.Message);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
        Forecasts.Fit(new MLContext(seed: 1), options => options.CheckpointPath = path);
    }

    [TestMethod]
    public void ProgressIsInTheContextsLog()
    {
        var messages = Log(_ => { });
        string log = string.Join('\n', messages.Where(message => message.Kind == ChannelMessageKind.Info).Select(message => message.Message));
        Assert.Contains("Learning 'Value' from 78 windows of 12 rows, validating on 10 windows of the last 10 rows", log);
        Assert.Contains("clipping norm:1, seed 1.", log);
        Assert.Contains("Epoch 1 of 3: training loss ", log);
        Assert.Contains("(best so far)", log);
        Assert.Contains("Training done after 3 epochs, 15 steps", log);
    }

    /// <summary>Microsoft.ML marks messages with values from data, so that a host can leave them out of its logs.</summary>
    [TestMethod]
    public void MessagesWithValuesOfRowsAreMarkedAsSuch()
    {
        float[] wave = Forecasts.Wave(100);
        wave[50] = 1e6f;
        var context = new MLContext(seed: 1);
        var messages = new List<ChannelMessage>();
        object host = typeof(MLContext).GetField("_env", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(context)!;
        MethodInfo add = host.GetType().GetMethods().Single(method => method is { Name: "AddListener", IsGenericMethodDefinition: true }).MakeGenericMethod(typeof(ChannelMessage));
        Action<object, ChannelMessage> listen = (_, message) => messages.Add(message);
        add.Invoke(host, [Delegate.CreateDelegate(add.GetParameters()[0].ParameterType, listen.Target, listen.Method)]);
        Forecasts.Fit(context, _ => { }, wave);
        Assert.AreEqual(MessageSensitivity.UserData | MessageSensitivity.Schema, messages.Single(message => message.Message.Contains("row 50 is 1000000", StringComparison.Ordinal)).Sensitivity);
        Assert.AreEqual(MessageSensitivity.Schema, messages.First(message => message.Message.Contains("Epoch 1 of 3", StringComparison.Ordinal)).Sensitivity);
    }

    [TestMethod]
    public void GapsAreMentioned()
    {
        float[] wave = Forecasts.Wave(100);
        wave[50] = float.NaN;
        Assert.IsTrue(Log(_ => { }, wave).Any(message => message.Message.Contains("1 of 100 rows have no value", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void SkippedStepsAreWarnings()
    {
        var messages = Log(options => (options.LearningRate, options.Optimizer, options.Clipping, options.NonFinite, options.NumberOfEpochs)
            = (1000, Optimizer.Sgd(), GradientClipping.None, NonFinitePolicy.SkipStep(100_000), 30));
        string warning = messages.First(message => message.Kind == ChannelMessageKind.Warning).Message;
        Assert.Contains("steps had a gradient that is not finite; the policy is skip:100000.", warning);
    }

    [TestMethod]
    public void AVerdictThatTurnsIsAWarningOnce()
    {
        var messages = Log(options => (options.Clipping, options.NumberOfEpochs) = (GradientClipping.ByGlobalNorm(1e-4), 30));
        string[] warnings = [.. messages.Where(message => message.Kind == ChannelMessageKind.Warning && message.Message.Contains("clipped", StringComparison.Ordinal)).Select(message => message.Message)];
        Assert.HasCount(1, warnings);
        Assert.Contains("After epoch 10: 100% of the steps were clipped: clipping is not a rare event", warnings[0]);
    }

    /// <summary>A conclusion that a stronger one replaces is not withdrawn: all steps were clipped.</summary>
    [TestMethod]
    public void AStrongerConclusionDoesNotWithdrawAWarning()
    {
        var messages = Log(options => (options.Clipping, options.Optimizer, options.NumberOfEpochs, options.LearningRate) =
            (GradientClipping.Parse("norm:1e-4..1e-8/51steps"), Optimizer.Parse("adam:eps=2e-6"), 30, 0.001f));
        string[] warnings = [.. messages.Where(message => message.Kind == ChannelMessageKind.Warning && message.Message.Contains("clipped", StringComparison.Ordinal)).Select(message => message.Message)];
        Assert.HasCount(2, warnings, string.Join('\n', warnings));
        Assert.Contains("After epoch 10: 100% of the steps were clipped: clipping is not a rare event", warnings[0]);
        Assert.Contains("the weights hardly move", warnings[1]);
    }

    [TestMethod]
    public void CallbackAndObserverSeeEveryEpochAndStep()
    {
        int epochs = 0;
        long steps = 0;
        var model = Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.MetricsCallback = report => Assert.AreEqual(++epochs, report.Epoch);
            options.Observer = new StepObserver(report => Assert.AreEqual(steps++, report.Step));
        });
        Assert.AreEqual((model.Training.Epochs, model.Training.Steps), (epochs, steps));
    }

    [TestMethod]
    public void ATokenStopsTheFit()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.CancellationToken = source.Token;
            options.NumberOfEpochs = 500;
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 20) source.Cancel();
            });
        }));
    }

    [TestMethod]
    [DataRow("norm:1")]
    [DataRow("autoclip:30,history=7")]
    [DataRow("zclip:0.5,warmup=4+value:0.5xmean/15steps")]
    public void AStoppedFitGoesOnFromItsCheckpointAsIfItHadNeverStopped(string clipping)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fit.checkpoint");
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.Clipping = GradientClipping.Parse(clipping);
            options.CheckpointPath = path;
            options.CancellationToken = source.Token;
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 11) source.Cancel();
            });
        }));
        Assert.IsTrue(File.Exists(path));

        long first = -1;
        var resumed = Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.Clipping = GradientClipping.Parse(clipping);
            options.CheckpointPath = path;
            options.Observer = new StepObserver(report => first = first < 0 ? report.Step : first);
        });
        var whole = Forecasts.Fit(new MLContext(seed: 1), options => options.Clipping = GradientClipping.Parse(clipping));

        Assert.AreEqual(12, first);
        Assert.AreEqual(whole.Training.Steps, resumed.Training.Steps);
        Near.AssertSameBits(whole.Model.Weights.Span, resumed.Model.Weights.Span, "weights");
        Assert.AreEqual(whole.Training.ClippingSummary, resumed.Training.ClippingSummary);
    }

    [TestMethod]
    public void ACheckpointOfAnotherFitIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fit.checkpoint");
        Forecasts.Fit(new MLContext(seed: 1), options => options.CheckpointPath = path);
        byte[] before = File.ReadAllBytes(path);

        Action<LstmForecastingTrainer.Options>[] others = [o => o.Scaling = SeriesScaling.Standardize, o => o.Clipping = GradientClipping.ByValue(1f)];
        foreach (var change in others)
        {
            var error = Assert.Throws<InvalidDataException>(() => Forecasts.Fit(new MLContext(seed: 1), options =>
            {
                options.CheckpointPath = path;
                change(options);
            }));
            StringAssert.Contains(error.Message, "another fit");
        }

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void ACheckpointNeedsASeedAndAFolder()
    {
        var error = Assert.Throws<ArgumentException>(() => Forecasts.Fit(new MLContext(), o => o.CheckpointPath = Path.Combine("no", "such", "folder", "x")));
        StringAssert.Contains(error.Message, "Options.CheckpointPath must be null without a seed");
        StringAssert.Contains(error.Message, "Options.CheckpointPath must be in a folder that exists");
    }

    [TestMethod]
    public void TheSeedOfAScopeIsOneToo()
    {
        using var folder = new TemporaryFolder();
        using IDisposable scope = new FitScope { Seed = 3 }.Enter();
        LstmForecastingTransformer Fit(int epochs) => Forecasts.Fit(new MLContext(), options => (options.CheckpointPath, options.NumberOfEpochs) = (Path.Combine(folder.Path, "fit.checkpoint"), epochs));
        Fit(1);
        LstmForecastingTransformer resumed = Fit(3);
        CollectionAssert.AreEqual(Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 3), options => options.NumberOfEpochs = 3)), Forecasts.Weights(resumed));
    }

    [TestMethod]
    public void TheContextsOwnCancellationStopsTheFitAndWritesACheckpoint()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fit.checkpoint");
        var context = new MLContext(seed: 1);
        Assert.Throws<OperationCanceledException>(() => Forecasts.Fit(context, options =>
        {
            options.CheckpointPath = path;
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 11) Cancel(context);
            });
        }));

        // As with the user's own token there is a checkpoint, and the fit resumes at the next step.
        long first = -1;
        Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.CheckpointPath = path;
            options.Observer = new StepObserver(report => first = first < 0 ? report.Step : first);
        });
        Assert.AreEqual(12, first);
    }

    [TestMethod]
    public void ACheckpointOfAnotherWarmStartIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fit.checkpoint");
        IDataView data = Forecasts.View(new MLContext(), Forecasts.Wave(100));
        LstmForecastingModelParameters model = Forecasts.Fit(new MLContext(seed: 2)).Model, other = Forecasts.Fit(new MLContext(seed: 3)).Model;
        LstmForecastingTransformer Fit(LstmForecastingModelParameters? start) => new MLContext(seed: 1).Forecasting
            .ForecastByLstm(Forecasts.Options(options => options.CheckpointPath = path)).Fit(data, null, start);

        LstmForecastingTransformer first = Fit(model);
        Assert.AreSequenceEqual(Forecasts.Weights(first), Forecasts.Weights(Fit(model)), "the same start resumes");
        Assert.Contains("Warm start", Assert.Throws<InvalidDataException>(() => Fit(other)).Message);
        Assert.Contains("another fit", Assert.Throws<InvalidDataException>(() => Fit(null)).Message);
    }

    /// <summary>AutoML ends its trials with this internal member.</summary>
    private static void Cancel(MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(context, null);

    private static List<LoggingEventArgs> Log(Action<LstmForecastingTrainer.Options> change, float[]? values = null)
    {
        var messages = new List<LoggingEventArgs>();
        var context = new MLContext(seed: 1);
        context.Log += (_, message) => messages.Add(message);
        Forecasts.Fit(context, change, values);
        return messages;
    }
}
