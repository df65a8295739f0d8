using Microsoft.ML;
using MlnetClip.Clipping;
using MlnetClip.Optimizers;
using MlnetClip.Training;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class FitTests
{
    [TestMethod]
    public void TheSeedDecidesTheWeightsWhateverRanBefore()
    {
        var first = new MLContext(seed: 7);
        var second = new MLContext(seed: 7);
        Forecasts.Fit(second, options => options.HiddenSize = 3);
        _ = second.Data.TrainTestSplit(Forecasts.View(second, Forecasts.Wave(50)));
        Assert.AreSequenceEqual(Forecasts.Weights(Forecasts.Fit(first)), Forecasts.Weights(Forecasts.Fit(second)));
    }

    [TestMethod]
    public void TheSameEstimatorFitsAgainTheSameWay()
    {
        var context = new MLContext(seed: 7);
        var estimator = context.Forecasting.ForecastByLstm(Forecasts.Options());
        var data = Forecasts.View(context, Forecasts.Wave(100));
        Assert.AreSequenceEqual(Forecasts.Weights(estimator.Fit(data)), Forecasts.Weights(estimator.Fit(data)));
    }

    [TestMethod]
    public void WindowsAreNotHeldInMemory()
    {
        // A window of 200 rows would take 800 bytes; what grows with the series is the series itself and the order of its windows.
        long few = Allocated(1_000), many = Allocated(5_000);
        Assert.IsLessThan(100, (many - few) / 4_000.0);

        static long Allocated(int rows)
        {
            var context = new MLContext(seed: 1);
            IDataView view = Forecasts.View(context, Forecasts.Wave(rows));
            long before = GC.GetAllocatedBytesForCurrentThread();
            context.Forecasting.ForecastByLstm(Forecasts.Options(options => (options.WindowSize, options.NumberOfEpochs, options.BatchSize) = (200, 1, 64))).Fit(view);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [TestMethod]
    public void TheNumberOfThreadsChangesNothing()
    {
        float[] Weights(int threads) => Forecasts.Weights(Forecasts.Fit(
            new MLContext(seed: 3), options => (options.NumberOfThreads, options.HiddenSize, options.NumberOfLayers, options.Dropout) = (threads, 19, 2, 0.2f)));
        Assert.AreSequenceEqual(Weights(1), Weights(2));
    }

    [TestMethod]
    public void AnotherSeedGivesOtherWeights() => Assert.AreNotEqual(
        Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 1)))[0], Forecasts.Weights(Forecasts.Fit(new MLContext(seed: -2)))[0]);

    [TestMethod]
    public void WithoutASeedOneIsDrawnAndRecordedAndRepeatsTheFit()
    {
        var drawn = Forecasts.Fit(new MLContext());
        Assert.IsTrue(drawn.Training.SeedWasDrawn);
        var repeated = Forecasts.Fit(new MLContext(drawn.Training.Seed));
        Assert.IsFalse(repeated.Training.SeedWasDrawn);
        Assert.AreSequenceEqual(Forecasts.Weights(drawn), Forecasts.Weights(repeated));
    }

    [TestMethod]
    public void ItLearns()
    {
        float[] wave = Forecasts.Wave(400);
        var model = Forecasts.Fit(
            new MLContext(seed: 1), options => (options.NumberOfEpochs, options.LearningRate, options.HiddenSize) = (40, 0.01f, 12), wave[..300]);
        double model2 = 0, naive2 = 0; // sums of squared errors
        for (int t = 299; t < 397; t++)
        {
            float[] forecast = model.Forecast(wave.AsSpan(0, t + 1));
            for (int h = 0; h < 3; h++)
            {
                model2 += Math.Pow(forecast[h] - wave[t + 1 + h], 2);
                naive2 += Math.Pow(wave[t] - wave[t + 1 + h], 2);
            }
        }

        Assert.IsLessThan(0.1 * naive2, model2);
    }

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    public void ForecastsAreInTheDatasUnit(SeriesScaling scaling)
    {
        float[] wave = Forecasts.Wave(100, level: 5000);
        float[] forecast = Forecasts.Fit(new MLContext(seed: 1), options => (options.Scaling, options.NumberOfEpochs) = (scaling, 10), wave).Forecast(wave);
        foreach (float value in forecast) Assert.AreEqual(5005, value, 4);
    }

    [TestMethod]
    public void ValidationDataContinueTheSeries()
    {
        var context = new MLContext(seed: 1);
        float[] wave = Forecasts.Wave(100);
        var split = context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.ValidationFraction = 0))
            .Fit(Forecasts.View(context, wave[..80]), Forecasts.View(context, wave[80..]));
        var whole = Forecasts.Fit(context, options => options.ValidationFraction = 0.2, wave);
        Assert.AreSequenceEqual(Forecasts.Weights(whole), Forecasts.Weights(split));
        Assert.AreEqual((100, 20, 20), (split.Training.Rows, split.Training.ValidationRows, split.Training.ValidationSequences));
        Assert.AreEqual(whole.Training.ValidationLoss, split.Training.ValidationLoss);
    }

    [TestMethod]
    public void ValidationKeepsTheBestEpochAndItsAbsenceTheLast()
    {
        // A learning rate this high makes the loss jump about, so that the last epoch is not the best.
        var context = new MLContext(seed: 1);
        var losses = new List<double>();
        var model = Forecasts.Fit(context, options =>
            (options.NumberOfEpochs, options.LearningRate, options.MetricsCallback) = (12, 0.3f, report => losses.Add(report.ValidationLoss!.Value)));
        Assert.AreEqual(losses.Min(), model.Training.ValidationLoss);
        Assert.AreEqual(losses.IndexOf(losses.Min()) + 1, model.Training.BestEpoch);
        var without = Forecasts.Fit(context, options => options.ValidationFraction = 0);
        Assert.AreEqual((3, 3, 0, null), (without.Training.Epochs, without.Training.BestEpoch, without.Training.ValidationRows, without.Training.ValidationLoss));
    }

    [TestMethod]
    public void TheShareOfValidationRowsIsTheDecimalNumberItIsWrittenAs()
    {
        // In binary, 100 * 0.07 is a little more than 7.
        Assert.AreEqual(7, Forecasts.Fit(new MLContext(seed: 1), options => options.ValidationFraction = 0.07).Training.ValidationRows);
    }

    [TestMethod]
    public void EarlyStoppingEndsTheFit()
    {
        var training = Forecasts.Fit(new MLContext(seed: 1), options =>
            (options.NumberOfEpochs, options.LearningRate, options.EarlyStopping) = (200, 0.3f, new EarlyStopping(patience: 2))).Training;
        Assert.AreEqual(StopReason.EarlyStopped, training.StopReason);
        Assert.AreEqual(training.BestEpoch + 2, training.Epochs);
        Assert.IsLessThan(200, training.Epochs);
    }

    [TestMethod]
    public void AWarmStartBeginsWithTheWeightsAndTheScaleOfTheModel()
    {
        var context = new MLContext(seed: 1);
        var start = Forecasts.Fit(context, options => options.NumberOfEpochs = 10);
        var more = Forecasts.View(context, Forecasts.Wave(150));
        LstmForecastingTransformer Continue(float rate) => context.Forecasting
            .ForecastByLstm(Forecasts.Options(options => (options.LearningRate, options.Optimizer) = (rate, Optimizer.Sgd()))).Fit(more, null, start.Model);
        var still = Continue(1e-30f);
        Assert.AreSequenceEqual(Forecasts.Weights(start), Forecasts.Weights(still));
        Assert.AreEqual((start.Model.Scale, true), (still.Model.Scale, still.Training.WarmStart));
        Assert.AreNotEqual(Forecasts.Weights(start)[0], Forecasts.Weights(Continue(0.01f))[0]);
    }

    [TestMethod]
    public void MissingValuesAreCountedAndLearnedAround()
    {
        float[] wave = Forecasts.Wave(100);
        foreach (int row in (int[])[0, 1, 20, 21, 22, 60, 95]) wave[row] = float.NaN;
        var model = Forecasts.Fit(new MLContext(seed: 1), values: wave);
        Assert.AreEqual(7, model.Training.MissingRows);
        Assert.IsTrue(Forecasts.Weights(model).All(float.IsFinite));
    }

    [TestMethod]
    public void TheReportSaysWhatWasDone()
    {
        var training = Forecasts.Fit(new MLContext(seed: 5), options => options.Clipping = GradientClipping.ByGlobalNorm(1e-4)).Training;
        Assert.AreEqual((100, 10, 0, 5, false, false), (training.Rows, training.ValidationRows, training.MissingRows, training.Seed, training.SeedWasDrawn, training.WarmStart));

        // Windows end at rows 11 to 88 of the 90 training rows; those that validate at rows 89 to 98.
        Assert.AreEqual((78, 10, 3, 15L, StopReason.Completed), (training.TrainingSequences, training.ValidationSequences, training.Epochs, training.Steps, training.StopReason));
        Assert.AreSequenceEqual(new[] { 1, 2, 3 }, training.History.Select(epoch => epoch.Epoch).ToArray());
        Assert.AreEqual((training.TrainingLoss, training.ValidationLoss), (training.History[^1].TrainLoss, training.History[training.BestEpoch - 1].ValidationLoss));
        Assert.AreEqual(("norm:0.0001", 1.0), (training.Clipping, training.ClippingSummary.ShareClipped));
        Assert.AreEqual(("12", "mse", "adam", "none"), (training.Options["WindowSize"], training.Options["Loss"], training.Options["Optimizer"], training.Options["EarlyStopping"]));
        Assert.MatchesRegex(@"^\d+\.\d+\.\d+", training.LibraryVersion);
        Assert.MatchesRegex(@"^5\.", training.MicrosoftMLVersion);
    }

    [TestMethod]
    public void TimeStepsAreMeasuredOnRequestAndChangeNothing()
    {
        var without = Forecasts.Fit(new MLContext(seed: 5));
        var with = Forecasts.Fit(new MLContext(seed: 5), options => options.MeasureTimeSteps = true);
        Assert.IsEmpty(without.Training.ClippingSummary.TimeStepNorms);
        Assert.HasCount(12, with.Training.ClippingSummary.TimeStepNorms);
        Assert.AreSequenceEqual(Forecasts.Weights(without), Forecasts.Weights(with));
    }

    [TestMethod]
    public void DivergenceMeetsThePolicy()
    {
        var context = new MLContext(seed: 1);
        static void Diverge(LstmForecastingTrainer.Options options) =>
            (options.LearningRate, options.Optimizer, options.Clipping, options.NumberOfEpochs) = (1000, Optimizer.Sgd(), GradientClipping.None, 30);
        Assert.ThrowsExactly<NonFiniteGradientException>(() => Forecasts.Fit(context, Diverge));
        var skipped = Forecasts.Fit(context, options =>
        {
            Diverge(options);
            options.NonFinite = NonFinitePolicy.SkipStep(100_000);
        });
        Assert.IsGreaterThan(0, skipped.Training.ClippingSummary.NonFiniteSteps);
        Assert.IsTrue(Forecasts.Weights(skipped).All(float.IsFinite));
    }

    [TestMethod]
    public void TheModelShowsItsSizesAndWeights()
    {
        var model = Forecasts.Fit(new MLContext(seed: 1), options => options.NumberOfLayers = 2).Model;
        Assert.AreEqual((12, 3, 6, 2, SeriesScaling.RelativeToLast), (model.WindowSize, model.Horizon, model.HiddenSize, model.NumberOfLayers, model.Scaling));
        Assert.AreEqual("lstm.weight_ih_l0", model.ParameterNames[0]);
        Assert.AreEqual(4 * 6 * 6, model.GetWeights("lstm.weight_hh_l1").Length);
        Assert.AreEqual(model.WeightCount, model.ParameterNames.Sum(name => model.GetWeights(name).Length));
        Assert.Contains("The parameters are lstm.weight_ih_l0, ", Assert.ThrowsExactly<KeyNotFoundException>(() => model.GetWeights("w").Length).Message);
    }
}
