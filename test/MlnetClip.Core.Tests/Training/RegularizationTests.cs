using MlnetClip.Data;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.Settings;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>Accumulated batches, gradient noise, averaged weights and frozen parameters.</summary>
[TestClass]
public sealed class RegularizationTests
{
    private static readonly TrainingOptions Plain = Fit.Options;

    public static IEnumerable<object[]> Settings =>
    [
        ["accumulated", Plain with { AccumulatedBatches = 2 }],
        ["noise", Plain with { GradientNoise = 0.01f, Clipping = GradientClipping.Parse("norm:0.3+norm-tensor:0.1") }],
        ["ema", Plain with { WeightAveraging = WeightAveraging.Parse("ema:0.9") }],
        ["swa", Plain with { WeightAveraging = WeightAveraging.Parse("swa:0.3") }],
        ["frozen", Plain with { Frozen = FrozenParameters.Parse("layer0"), Optimizer = Optimizer.AdamW(0.1f) }],
        ["all", Plain with { AccumulatedBatches = 3, GradientNoise = 0.01f, WeightAveraging = WeightAveraging.Parse("ema:0.9"), Frozen = FrozenParameters.AllButHead }],
    ];

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void ResumesBitForBitAndOnAnyNumberOfThreads(string name, TrainingOptions options)
    {
        using var whole = new Fit(options);
        TrainingResult expected = whole.Loop.Run();
        Near.AssertSameBits(whole.Weights, Fit.Run(options, threads: 3), $"{name}, 3 threads");
        for (int stop = 0; stop < expected.Steps; stop += 2)
        {
            using var first = new Fit(options);
            using var cancellation = new CancellationTokenSource();
            first.Loop.Run(new StepRecorder(report =>
            {
                if (report.Step == stop) cancellation.Cancel();
            }), cancellation.Token);
            using var stream = new MemoryStream();
            first.Loop.Save(stream);
            stream.Position = 0;
            using var resumed = new Fit(options, initialSeed: 3);
            resumed.Loop.Resume(stream);
            TrainingResult result = resumed.Loop.Run();
            Near.AssertSameBits(whole.Weights, resumed.Weights, $"{name}, stopped after step {stop}");
            CollectionAssert.AreEqual(expected.History.ToArray(), result.History.ToArray());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void BelongToTheIdentityOfACheckpoint(string name, TrainingOptions options)
    {
        if (name == "all") return;
        using var fit = new Fit(options);
        using var stream = new MemoryStream();
        fit.Loop.Save(stream);
        stream.Position = 0;
        using var other = new Fit(options with { AccumulatedBatches = 1, GradientNoise = 0, WeightAveraging = null, Frozen = null });
        Assert.Contains("belongs to another fit", Assert.Throws<InvalidDataException>(() => other.Loop.Resume(stream)).Message);
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void AStepAllocatesNothing(string name, TrainingOptions options) => Assert.AreEqual(0, Allocation.Least(() =>
    {
        using var fit = new Fit(options with { Epochs = 4 }, validate: false);
        long before = 0, bytes = 0;
        fit.Loop.Run(new StepAllocation(report =>
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (report.Epoch > 1 && report.Batch > 0) bytes += now - before;
            before = GC.GetAllocatedBytesForCurrentThread();
        }));
        return bytes;
    }), name);

    [TestMethod]
    public void AccumulatedBatchesAreOneLargeBatch()
    {
        ArraySource source = ArraySource.Learnable(22, 4, 2, 1, seed: 1);
        (float[] weights, List<StepReport> reports) = Train(4, 3);
        (float[] large, List<StepReport> largeReports) = Train(12, 1);

        Assert.HasCount(2 * 3, reports); // 22 sequences are 6 batches of 4, and 2 steps
        Assert.HasCount(largeReports.Count, reports);
        for (int i = 0; i < reports.Count; i++)
        {
            Near.AssertRelative(largeReports[i].Loss, reports[i].Loss, 1e-5, $"loss of step {i}");
            Near.AssertRelative(largeReports[i].Clip.NormBefore, reports[i].Clip.NormBefore, 1e-5, $"norm of step {i}");
            Assert.AreEqual((largeReports[i].Step, largeReports[i].Epoch, largeReports[i].Batch), (reports[i].Step, reports[i].Epoch, reports[i].Batch));
        }

        Near.AssertAll(large, weights, 1e-4, "weights");

        (float[], List<StepReport>) Train(int batch, int accumulated)
        {
            var spec = new StackSpec(2, 5, 1, 1);
            using ManagedBackend backend = spec.Backend(4, batch, new MseLoss());
            backend.Initialize(1);
            var recorder = new StepRecorder();
            var options = new TrainingOptions { Epochs = 3, BatchSize = batch, AccumulatedBatches = accumulated, Clipping = GradientClipping.ByGlobalNorm(0.2), Optimizer = Optimizer.Sgd(0.9f), LearningRate = 0.1f };
            new TrainingLoop(backend, options, new IndexedBatchStream(source)).Run(recorder);
            return (backend.Parameters.Values.ToArray(), recorder.Reports);
        }
    }

    [TestMethod]
    public void NoiseHasItsDeviationAndFallsWithTheSteps()
    {
        var noise = new GradientNoise(0.5f, seed: 7);
        foreach (long step in new[] { 0L, 1, 99, 9999 })
        {
            float[] first = new float[200_001], again = new float[200_001];
            noise.Add(first, step);
            noise.Add(again, step);
            Near.AssertSameBits(first, again, "noise");
            double mean = first.Average(x => (double)x), deviation = Math.Sqrt(first.Average(x => (x - mean) * (x - mean))), expected = 0.5 / Math.Pow(1 + step, 0.275);
            Assert.AreEqual(0, mean, 5 * expected / Math.Sqrt(first.Length));
            Near.AssertRelative(expected, deviation, 0.01, $"deviation at step {step}");
            Assert.AreEqual(0.6827, first.Count(x => Math.Abs(x) < expected) / (double)first.Length, 0.005);
        }
    }

    [TestMethod]
    public void NoiseIsAddedToTheClippedGradient()
    {
        // The clipped gradient is 1 long, the noise tiny: the update is that of the clipped gradient.
        using var backend = new ScriptedBackend(_ => [3, 4, 0, 0]);
        var source = new ArraySource(1, 1, 1, [0f], [0f]);
        new TrainingLoop(backend, new TrainingOptions { Epochs = 1, LearningRate = 1, Optimizer = Optimizer.Sgd(), Clipping = GradientClipping.ByGlobalNorm(1), GradientNoise = 1e-4f }, source).Run();
        Near.AssertAll([-0.6f, -0.8f, 0, 0], backend.Parameters.Values.ToArray().Select(x => MathF.Abs(x) < 1e-3 ? 0 : x).ToArray(), 1e-3, "weights");
        Assert.AreNotEqual(0f, backend.Parameters.Values[2]);
    }

    [TestMethod]
    [DataRow("ema:0.9")]
    [DataRow("swa:0.5")]
    [DataRow("swa:0.99")]
    public void TheAverageIsValidatedAndKept(string text)
    {
        foreach (bool validate in new[] { true, false })
        {
            using var fit = new Fit(Plain with { Epochs = 6, WeightAveraging = WeightAveraging.Parse(text) }, validate: validate);
            double[]? average = null;
            int count = 0;
            var kept = new List<(double Loss, double[] Weights)>();
            void Add(double share)
            {
                float[] weights = fit.Weights;
                average ??= [.. weights.Select(w => (double)w)];
                for (int i = 0; i < weights.Length; i++) average[i] += share * (weights[i] - average[i]);
            }

            TrainingResult result = fit.Loop.Run(new StepRecorder(
                report =>
                {
                    if (text == "ema:0.9") Add(1 - Math.Min(0.9f, count / (9.0 + count)));
                    if (text == "ema:0.9") count++;
                },
                epoch =>
                {
                    if (text == "swa:0.5" && epoch.Epoch > 3) Add(1.0 / ++count);
                    kept.Add((epoch.ValidationLoss ?? -epoch.Epoch, average is null || (text == "swa:0.99" && epoch.Epoch < 6) ? [.. fit.Weights.Select(w => (double)w)] : [.. average]));
                }));
            double[] best = kept.MinBy(one => one.Loss).Weights;
            Near.AssertAll(best.Select(w => (float)w).ToArray(), fit.Weights, 1e-4, $"{text}, validation {validate}");
            if (!validate) continue;
            using var check = new Fit();
            fit.Weights.CopyTo(check.Backend.Parameters.Values);
            Near.AssertRelative(result.BestValidationLoss!.Value, Fit.ValidationLoss(check.Backend), 1e-6, $"{text}, validation loss");
        }
    }

    [TestMethod]
    [DataRow("layer0")]
    [DataRow("body")]
    [DataRow("head")]
    [DataRow("recurrent+lstm.bias_*_l1")]
    public void FrozenParametersStayAsTheyAre(string text)
    {
        var frozen = FrozenParameters.Parse(text);
        using var fit = new Fit(Plain with { Frozen = frozen, Optimizer = Optimizer.AdamW(0.1f), GradientNoise = 0.01f, WeightAveraging = WeightAveraging.ExponentialMoving(0.9f) });
        float[] before = fit.Weights;
        fit.Loop.Run(new StepRecorder(report =>
        {
            foreach (GradientNorm norm in report.Norms(ClippingScope.Tensor))
                Assert.AreEqual(frozen.IsFrozen(fit.Backend.Parameters[norm.Name]), norm.Before == 0, norm.Name);
        }));
        foreach (Parameter parameter in fit.Backend.Parameters.Items)
        {
            float[] was = before.AsSpan(parameter.Offset, parameter.Length).ToArray(), now = fit.Backend.Parameters.ValuesOf(parameter).ToArray();
            if (frozen.IsFrozen(parameter)) Near.AssertSameBits(was, now, parameter.Name);
            else Assert.IsFalse(was.AsSpan().SequenceEqual(now), parameter.Name);
        }
    }

    [TestMethod]
    [DataRow("layer9", "'layer9' selects no parameter. A group is body (all but the head), recurrent, ")]
    [DataRow("body+head", "'body+head' selects every parameter, so that nothing is trained.")]
    public void FrozenParametersMustFitTheModel(string text, string problem) => Assert.Contains(
        $"TrainingOptions.Frozen: {problem}", Assert.ThrowsExactly<ArgumentException>(() => new Fit(Plain with { Frozen = FrozenParameters.Parse(text) })).Message);

    [TestMethod]
    public void TextFormsRoundTrip()
    {
        foreach (string text in new[] { "ema:0.999", "swa:0.75", "ema:0.5", "swa:0" }) Assert.AreEqual(text, WeightAveraging.Parse(text).ToString());
        Assert.AreEqual(WeightAveraging.ExponentialMoving(), WeightAveraging.Parse("ema"));
        Assert.AreEqual(WeightAveraging.Stochastic(), WeightAveraging.Parse("swa"));
        Assert.AreEqual(FrozenParameters.AllButHead, FrozenParameters.Parse("body"));
        foreach (string text in new[] { "ema:1", "ema:0", "swa:1", "mean", "ema:0.9,0.1" }) Assert.Throws<SettingFormatException>(() => WeightAveraging.Parse(text), text);
        foreach (string text in new[] { "", "layer0+", "a b" }) Assert.Throws<FormatException>(() => FrozenParameters.Parse(text), text);
        Assert.Throws<ArgumentException>(() => WeightAveraging.ExponentialMoving(1));
        Assert.Throws<ArgumentException>(() => WeightAveraging.Stochastic(1));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(0.1f)]
    public void LabelSmoothingSpreadsTheTarget(float smoothing)
    {
        float[] outputs = [0.5f, -1.25f, 2f], derivatives = new float[3];
        double sum = outputs.Sum(y => Math.Exp(y)), expected = 0;
        double[] target = [.. Enumerable.Range(0, 3).Select(k => (k == 1 ? 1 - (double)smoothing : 0) + (smoothing / 3.0))];
        for (int k = 0; k < 3; k++) expected -= target[k] * Math.Log(Math.Exp(outputs[k]) / sum);
        var loss = new CrossEntropyLoss(smoothing);
        Near.AssertRelative(2 * expected, loss.Evaluate(outputs, [1f], [2f], derivatives, 3).LossSum, 1e-6, "loss");
        for (int k = 0; k < 3; k++) Near.AssertRelative(2 * ((Math.Exp(outputs[k]) / sum) - target[k]), derivatives[k], 1e-6, $"derivative {k}");
        Assert.AreEqual(loss, LossText.Parse(loss.Text));

        var binary = new BinaryCrossEntropyLoss(smoothing);
        double t = (0.75 * (1 - (double)smoothing)) + (smoothing / 2.0), p = 1 / (1 + Math.Exp(-0.5));
        Near.AssertRelative(-(t * Math.Log(p)) - ((1 - t) * Math.Log(1 - p)), binary.Evaluate([0.5f], [0.75f], [1f], derivatives.AsSpan(0, 1), 1).LossSum, 1e-6, "binary loss");
        Near.AssertRelative(p - t, derivatives[0], 1e-5, "binary derivative");
        Assert.AreEqual(binary, LossText.Parse(binary.Text));
    }

    [TestMethod]
    public void LabelSmoothingHasARange()
    {
        Assert.StartsWith("CrossEntropyLoss.Smoothing must be 0 or more and below 1", Assert.ThrowsExactly<ArgumentException>(() => new CrossEntropyLoss(1)).Message);
        Assert.StartsWith("BinaryCrossEntropyLoss.Smoothing must be 0 or more and below 1", Assert.ThrowsExactly<ArgumentException>(() => new BinaryCrossEntropyLoss(-0.1f)).Message);
        Assert.Throws<SettingFormatException>(() => LossText.Parse("crossentropy:smoothing=1"));
    }

    private sealed class StepAllocation(Action<StepReport> onStep) : IFitObserver
    {
        public void OnStep(in StepReport report) => onStep(report);
    }
}
