using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MlnetClip;

/// <summary>
/// The metrics and spans that every fit emits, for <c>dotnet-counters</c>, OpenTelemetry and other listeners of <c>System.Diagnostics</c>. Without a listener they cost
/// next to nothing.
/// </summary>
/// <remarks>
/// <para>
/// Metrics: <c>mlnetclip.training.steps</c> (counter; the tag <c>outcome</c> is applied, clipped, zeroed, skipped or rolled_back),
/// <c>mlnetclip.training.step.duration</c> (histogram, seconds), <c>mlnetclip.gradient.norm</c> and <c>mlnetclip.gradient.norm.clipped</c> (histograms, before and
/// after clipping), <c>mlnetclip.gradient.threshold</c>, <c>mlnetclip.training.loss</c>, <c>mlnetclip.training.learning_rate</c> (gauges, the last step's) and
/// <c>mlnetclip.training.validation_loss</c> (gauge, the last epoch's). Values that are not finite are not recorded.
/// </para>
/// <para>
/// Spans: <c>mlnetclip.fit</c>, with the setting of clipping, the epochs and the result as tags, and within it <c>mlnetclip.epoch</c>, with the losses. A fit that threw or was
/// cancelled has the status Error.
/// </para>
/// </remarks>
public static class TrainingTelemetry
{
    /// <summary>The name of the meter and of the source of spans: <c>MlnetClip</c>.</summary>
    public const string Name = "MlnetClip";

    private static readonly Meter Meter = new(Name, LibraryVersion.Text);

    internal static ActivitySource Spans { get; } = new(Name, LibraryVersion.Text);

    internal static Counter<long> Steps { get; } = Meter.CreateCounter<long>("mlnetclip.training.steps", "{step}", "Training steps.");

    internal static Histogram<double> StepDuration { get; } = Meter.CreateHistogram<double>("mlnetclip.training.step.duration", "s", "The duration of a training step.");

    internal static Histogram<double> Norm { get; } = Meter.CreateHistogram<double>("mlnetclip.gradient.norm", null, "The norm of the gradient before clipping.");

    internal static Histogram<double> NormClipped { get; } = Meter.CreateHistogram<double>("mlnetclip.gradient.norm.clipped", null, "The norm of the gradient after clipping.");

    internal static Gauge<double> Threshold { get; } = Meter.CreateGauge<double>("mlnetclip.gradient.threshold", null, "The threshold of clipping in force.");

    internal static Gauge<double> Loss { get; } = Meter.CreateGauge<double>("mlnetclip.training.loss", null, "The loss of the last step.");

    internal static Gauge<double> ValidationLoss { get; } = Meter.CreateGauge<double>("mlnetclip.training.validation_loss", null, "The validation loss of the last epoch.");

    internal static Gauge<double> LearningRate { get; } = Meter.CreateGauge<double>("mlnetclip.training.learning_rate", null, "The learning rate of the last step.");
}
