using Microsoft.ML;
using MlnetClip.Trainers;
using MlnetClip.Training;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class FitScopeTests
{
    [TestMethod]
    public void TheSeedOfTheScopeDecidesAndIsRecorded()
    {
        var expected = Forecasts.Fit(new MLContext(seed: 9));
        LstmForecastingTransformer within;
        using (new FitScope { Seed = 9 }.Enter()) within = Forecasts.Fit(new MLContext(seed: 1));

        Assert.AreSequenceEqual(Forecasts.Weights(expected), Forecasts.Weights(within));
        Assert.AreEqual(9, within.Training.Seed);
        Assert.AreNotEqual(Forecasts.Weights(within)[0], Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 1)))[0], "the scope was left");
    }

    [TestMethod]
    public void TheObserverSeesTheFitAfterTheCallbacksOfTheOptions()
    {
        var observer = new Recorder();
        var context = new MLContext(seed: 1);
        var chain = context.Transforms.CopyColumns("Input", "Value").Append(context.Forecasting.ForecastByLstm(
            Forecasts.Options(options => (options.InputColumnName, options.MetricsCallback) = ("Input", _ => observer.Seen.Add("own")))));
        using (new FitScope { Observer = observer }.Enter()) chain.Fit(Forecasts.View(context, Forecasts.Wave(100)));

        CollectionAssert.AreEqual(new[] { "begun 3", "own", "epoch 1", "own", "epoch 2", "own", "epoch 3", $"ended {observer.Steps}" }, observer.Seen);
    }

    [TestMethod]
    public void WhatTheObserverThrowsEndsTheFit()
    {
        using IDisposable scope = new FitScope { Observer = new Recorder { Stop = true } }.Enter();
        FitObserverException error = Assert.ThrowsExactly<FitObserverException>(() => Forecasts.Fit(new MLContext(seed: 1)));
        Assert.IsInstanceOfType<NotSupportedException>(error.InnerException);
        Assert.AreEqual("The observer Recorder failed in OnStep at step 0: NotSupportedException: Specified method is not supported.", error.Message);
    }

    [TestMethod]
    public void TimeStepsAndThePolicyAreLaidOverTheOptions()
    {
        LstmForecastingTransformer within;
        using (new FitScope { MeasureTimeSteps = true, NonFinite = NonFinitePolicy.SkipStep(3), NumberOfThreads = 2 }.Enter()) within = Forecasts.Fit(new MLContext(seed: 1));
        var own = Forecasts.Fit(new MLContext(seed: 1), options => (options.MeasureTimeSteps, options.NonFinite) = (true, NonFinitePolicy.SkipStep(3)));

        Assert.HasCount(12, within.Training.ClippingSummary.TimeStepNorms);
        Assert.AreSequenceEqual(own.Training.ClippingSummary.TimeStepNorms, within.Training.ClippingSummary.TimeStepNorms);
        StringAssert.Contains(string.Join('\n', within.Training.Options), $"{NonFinitePolicy.SkipStep(3)}");
    }

    [TestMethod]
    [DataRow(3, 1, 3)]
    [DataRow(null, 1, 1)]
    [DataRow(3, null, 3)]
    [DataRow(null, null, null)]
    public void ANumberOfThreadsThatTheUserNamedIsKept(int? option, int? scope, int? expected) =>
        Assert.AreEqual(expected, Forecasts.Options(options => options.NumberOfThreads = option).Within(new FitScope { NumberOfThreads = scope }).NumberOfThreads);

    [TestMethod]
    public void AFitIsDescribedBeforeItsFirstStep()
    {
        FitDescription Describe(float[] values, float threshold = 1)
        {
            var mlContext = new MLContext(seed: 1);
            var recorder = new Recorder();
            using (new FitScope { Observer = recorder }.Enter())
                mlContext.Forecasting.ForecastByLstm(Forecasts.Options(options => options.Clipping = GradientClipping.ByGlobalNorm(threshold))).Fit(Forecasts.View(mlContext, values));
            return recorder.Begun!;
        }

        float[] wave = Forecasts.Wave(80), other = Forecasts.Wave(80);
        other[3] += 1;
        FitDescription fit = Describe(wave, threshold: 3);

        Assert.AreEqual(GradientClipping.ByGlobalNorm(3), fit.Clipping);
        Assert.AreEqual("6", fit.Options["HiddenSize"]);
        Assert.IsTrue(fit.HasValidation);
        Assert.IsNull(fit.CheckpointPath);
        Assert.AreEqual(fit.Data, Describe(wave).Data);
        Assert.AreNotEqual(fit.Data, Describe(other).Data);
    }

    [TestMethod]
    public void TheSeedOfAContextIsTheOneItWasGiven()
    {
        Assert.AreEqual(7, FitScope.SeedOf(new MLContext(seed: 7)));
        Assert.IsNull(FitScope.SeedOf(new MLContext()));
    }

    [TestMethod]
    public void ScopesNestAndFollowTasks()
    {
        Assert.IsNull(FitScope.Current);
        using (new FitScope { Seed = 1 }.Enter())
        {
            using (new FitScope { Seed = 2 }.Enter()) Assert.AreEqual(2, Task.Run(() => FitScope.Current!.Seed).GetAwaiter().GetResult());
            Assert.AreEqual(1, FitScope.Current!.Seed);
        }

        Assert.IsNull(FitScope.Current);
    }

    private sealed class Recorder : IFitObserver
    {
        public List<string> Seen { get; } = [];

        public bool Stop { get; init; }

        public long Steps { get; private set; }

        public FitDescription? Begun { get; private set; }

        public void OnFitBegun(FitDescription fit)
        {
            Begun = fit;
            Seen.Add($"begun {fit.Epochs}");
        }

        public void OnStep(in StepReport report)
        {
            Steps++;
            if (Stop) throw new NotSupportedException();
        }

        public void OnEpoch(EpochReport report) => Seen.Add($"epoch {report.Epoch}");

        public void OnFitEnded(TrainingResult result) => Seen.Add($"ended {result.Steps}");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1025)]
    public void AScopeOutsideItsRangeCannotBeEntered(int threads)
    {
        Assert.Contains($"FitScope.NumberOfThreads must be from 1 to 1024, but was {threads}.", Assert.ThrowsExactly<ArgumentException>(() => new FitScope { NumberOfThreads = threads }.Enter()).Message);
        Assert.IsNull(FitScope.Current);
    }
}
