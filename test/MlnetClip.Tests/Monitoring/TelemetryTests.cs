using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Monitoring;

/// <summary>The metrics and spans of a fit. Other tests fit at the same time, so only those of this test's fits are counted: they run on the listener's thread.</summary>
[TestClass]
public sealed class TelemetryTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly Dictionary<string, List<double>> _values = [];
    private readonly List<string> _outcomes = [];
    private readonly List<Activity> _spans = [];

    [TestMethod]
    public void AFitEmitsItsStepsAndSpans()
    {
        var steps = new StepRecorder();
        LstmForecastingTransformer model = Listening(() => Fit(options => options.Observer = steps));

        Assert.HasCount((int)model.Training.Steps, _outcomes);
        Assert.AreEqual((int)model.Training.ClippingSummary.ClippedSteps, _outcomes.Count(outcome => outcome == "clipped"));
        Assert.AreSequenceEqual(steps.Reports.Select(report => report.Clip.NormBefore).ToArray(), _values["mlnetclip.gradient.norm"].ToArray());
        Assert.AreSequenceEqual(steps.Reports.Select(report => report.Clip.NormAfter).ToArray(), _values["mlnetclip.gradient.norm.clipped"].ToArray());
        Assert.AreSequenceEqual(steps.Reports.Select(report => report.Loss).ToArray(), _values["mlnetclip.training.loss"].ToArray());
        Assert.HasCount(model.Training.Epochs, _values["mlnetclip.training.validation_loss"]);
        Assert.IsTrue(_values["mlnetclip.training.step.duration"].All(seconds => seconds > 0));
        Activity fit = _spans.Single(span => span.OperationName == "mlnetclip.fit");
        Activity[] epochs = [.. _spans.Where(span => span.OperationName == "mlnetclip.epoch")];
        Assert.AreEqual(ActivityStatusCode.Ok, fit.Status);
        Assert.AreEqual("norm:0.1", fit.GetTagItem("mlnetclip.clipping"));
        Assert.AreSequenceEqual(Enumerable.Range(1, model.Training.Epochs).ToArray(), epochs.Select(epoch => (int)epoch.GetTagItem("mlnetclip.epoch")!).ToArray());
        Assert.IsTrue(epochs.All(epoch => epoch.ParentSpanId == fit.SpanId));
        Assert.IsNull(Activity.Current);
    }

    [TestMethod]
    public void AFitThatThrowsHasASpanWithAnError()
    {
        Listening(() => Assert.Throws<FitObserverException>(() => Fit(options => options.Observer = new StepRecorder(_ => throw new InvalidOperationException("stop")))));

        Assert.AreEqual(ActivityStatusCode.Error, _spans.Single(span => span.OperationName == "mlnetclip.fit").Status);
        Assert.IsNull(Activity.Current);
    }

    private LstmForecastingTransformer Fit(Action<LstmForecastingTrainer.Options> change)
    {
        var options = new LstmForecastingTrainer.Options
        {
            InputColumnName = "Value", OutputColumnName = "Forecast", WindowSize = 12, Horizon = 3, HiddenSize = 4, NumberOfEpochs = 2, NumberOfThreads = 1, Clipping = GradientClipping.ByGlobalNorm(0.1f),
        };
        change(options);
        return _context.Forecasting.ForecastByLstm(options).Fit(Forecasts.View(_context, Forecasts.Wave(120)));
    }

    private T Listening<T>(Func<T> run)
    {
        int thread = Environment.CurrentManagedThreadId;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TrainingTelemetry.Name) listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (Environment.CurrentManagedThreadId != thread) return;
            if (!_values.TryGetValue(instrument.Name, out List<double>? values)) _values[instrument.Name] = values = [];
            values.Add(value);
        });
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread) _outcomes.Add((string)tags[0].Value!);
        });
        meters.Start();
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrainingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (Environment.CurrentManagedThreadId == thread) _spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(spans);
        return run();
    }
}
