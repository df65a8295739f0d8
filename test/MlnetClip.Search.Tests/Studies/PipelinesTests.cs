using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>What can be studied, and on what.</summary>
[TestClass]
public sealed class PipelinesTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void AChainIsStudiedOnWhatItsTrainerHoldsOut()
    {
        ClippingStudyResult result = Study(Chain).Run(FrontStudy.Series(_mlContext));

        Assert.IsInstanceOfType<TransformerChain<LstmForecastingTransformer>>(result.BestModel);
        Assert.HasCount(8, result.Trials);
        Assert.IsTrue(result.Trials.All(trial => trial.State is TrialState.Complete or TrialState.Pruned));
    }

    [TestMethod]
    public void AChainWithAMetricIsStudiedOnValidationData()
    {
        int measured = 0;
        double Metric(IDataView scored)
        {
            Interlocked.Increment(ref measured);
            return _mlContext.Forecasting.Evaluate(scored, "Value", "Forecast", firstRow: 8).Model.Rmse;
        }

        ClippingStudyResult result = Study(Chain, options => options with { Metric = Metric })
            .Run(FrontStudy.Series(_mlContext), FrontStudy.Series(_mlContext, from: 120, rows: 60));

        Assert.AreEqual(result.Trials.Count(trial => trial.State == TrialState.Complete), measured);
        Assert.IsTrue(result.Best!.Mean is > 0 and < 1);
    }

    [TestMethod]
    public void AStudyWithAMetricIsOfItsValidationValues()
    {
        using var store = new InMemoryStudyStore();
        ClippingStudy study = Study(Chain, options => options with
        {
            Store = store, Metric = scored => _mlContext.Forecasting.Evaluate(scored, "Value", "Forecast", firstRow: 8).Model.Rmse,
        });
        IDataView train = FrontStudy.Series(_mlContext);
        int trials = study.Run(train, FrontStudy.Series(_mlContext, from: 120, rows: 60)).Trials.Count;
        Assert.AreEqual(trials, study.Run(train, FrontStudy.Series(_mlContext, from: 120, rows: 60)).Resumed);
        string message = Assert.ThrowsExactly<InvalidDataException>(() => study.Run(train, FrontStudy.Series(_mlContext, from: 121, rows: 60))).Message;
        Assert.Contains("It has  metric: the user's, of validation values ", message);
        Assert.DoesNotContain("training data", message, "only what differs");
    }

    [TestMethod]
    public void AnEstimatorIsValidatedOnTheDataGiven()
    {
        IDataView train = FrontStudy.Series(_mlContext), validation = FrontStudy.Series(_mlContext, from: 120, rows: 60);
        ClippingStudyResult result = Study(clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping))).Run(train, validation);

        var expected = _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(GradientClipping.None)).Fit(train, validation);
        Assert.AreEqual(expected.Training.ValidationLoss, result.Trials[0].Value);
    }

    [TestMethod]
    public void AChainWithValidationDataButNoMetricIsRefused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Study(Chain).Run(FrontStudy.Series(_mlContext), FrontStudy.Series(_mlContext, 120, 60)));
        StringAssert.Contains(error.Message, "Hint: set ClippingStudyOptions.Metric");
    }

    [TestMethod]
    public void AMetricWithoutValidationDataIsRefused()
    {
        ClippingStudy study = Study(Chain, options => options with { Metric = _ => 1 });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message, "needs validation data");
    }

    [TestMethod]
    public void TrainingWithoutValidationIsRefused()
    {
        ClippingStudy study = Study(clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, options => options.ValidationFraction = 0)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message, "trains without validation");
    }

    [TestMethod]
    public void APipelineWithoutGradientsIsRefused()
    {
        ClippingStudy study = Study(_ => _mlContext.Transforms.CopyColumns("Copy", "Value"));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message, "no trainer of MlnetClip");
    }

    [TestMethod]
    public void APipelineThatIgnoresItsClippingIsRefusedAtOnce()
    {
        foreach (GradientClipping fixedClipping in new[] { GradientClipping.None, GradientClipping.ByGlobalNorm(3), GradientClipping.ByGlobalNorm(1) })
        {
            var counter = new StepCounter();
            using var store = new InMemoryStudyStore();
            ClippingStudy study = Study(
                _ => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(fixedClipping, options => options.Observer = counter)), options => options with { Store = store });
            string message = Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message;
            StringAssert.Contains(message, $"The pipeline ignores its clipping argument: it trains with '{fixedClipping}' in every trial.");
            StringAssert.Contains(message, "Hint: pass the argument on");
            Assert.AreEqual(0, counter.Steps);
        }
    }

    [TestMethod]
    public void APipelineMayAddToItsClipping()
    {
        foreach (Func<GradientClipping, GradientClipping> change in new Func<GradientClipping, GradientClipping>[]
            { clipping => clipping.Then(GradientClipping.ByValue(5)), clipping => GradientClipping.ForParameters("recurrent", clipping) })
        {
            ClippingStudyResult result = Study(clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(change(clipping)))).Run(FrontStudy.Series(_mlContext));
            Assert.HasCount(8, result.Trials);
        }
    }

    [TestMethod]
    public void APipelineWithACheckpointIsRefusedAtOnce()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("fit.ckpt");
        ClippingStudy study = Study(clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, options => options.CheckpointPath = checkpoint)));
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message;
        StringAssert.Contains(message, $"CheckpointPath '{checkpoint}'");
        StringAssert.Contains(message, "StoragePath keeps the study");
        Assert.IsFalse(File.Exists(checkpoint));
    }

    [TestMethod]
    public void TwoNetworksAreNotComparedInATrial()
    {
        ClippingStudy study = Study(clipping => _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, options => options.LinearPart = LinearPartUse.Compare)));
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => study.Run(FrontStudy.Series(_mlContext))).Message;
        StringAssert.Contains(message, "has LinearPart Compare, which trains two networks");
    }

    [TestMethod]
    public void RulesLearningRatesAndBatchSizesAreSearchedTogether()
    {
        var asked = new List<TrialSettings>();
        ClippingStudyResult result = FrontStudy.Create(_mlContext, options => options with
        {
            Pipeline = null,
            PipelineFromSettings = settings =>
            {
                lock (asked) asked.Add(settings);
                return _mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(settings.Clipping, forecaster =>
                    (forecaster.LearningRate, forecaster.BatchSize) = (settings.LearningRate ?? 0.05f, settings.BatchSize ?? 16)));
            },
            Rules = Enum.GetValues<SearchedRule>(),
            LearningRates = (0.005, 0.1),
            BatchSizes = [8, 32],
            Sampler = new RandomSampler(),
            Budget = new() { MaxModelToExplore = 40 },
        }).Run(FrontStudy.Series(_mlContext));

        TrialSettings[] explored = [.. asked.Where(settings => settings.LearningRate is not null)];
        string[] rules = [.. explored.Select(settings => settings.Clipping.ToString().Split(':')[0]).Distinct().Order()];
        CollectionAssert.AreEqual(new[] { "agc", "autoclip", "norm", "value", "zclip" }, rules);
        Assert.IsTrue(explored.All(settings => settings.LearningRate is >= 0.005f and <= 0.1f));
        CollectionAssert.AreEquivalent(new int?[] { 8, 32 }, explored.Select(settings => settings.BatchSize).Distinct().ToArray());
        Assert.AreEqual(new TrialSettings(GradientClipping.None, null, null), asked[1], "after the probe");
        Assert.AreEqual(asked[^1], result.ModelSettings);
        Assert.IsTrue(result.Curve.All(point => point.IsNone || point.Threshold is null));
    }

    private IEstimator<ITransformer> Chain(GradientClipping clipping) => _mlContext.Transforms.CopyColumns("Input", "Value")
        .Append(_mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, options => options.InputColumnName = "Input")));

    private ClippingStudy Study(Func<GradientClipping, IEstimator<ITransformer>> pipeline, Func<ClippingStudyOptions, ClippingStudyOptions>? change = null) =>
        FrontStudy.Create(_mlContext, options => (change ?? (same => same))(options with { Pipeline = pipeline, Budget = new() { MaxModelToExplore = 8 } }));
}
