using MlnetClip.Clipping;
using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>The stage after the update: adds what a step did to the statistics, and asks the backend now and then what each time step contributed.</summary>
internal sealed class GradientMeasuring(IBackend backend, ClippingStatistics statistics, TimeStepContributions contributions, int timeStepsMeasured)
{
    /// <summary>Asking takes a pass over all time steps: one in eight keeps it below a hundredth of the time.</summary>
    private const int TimeStepsEvery = 8;

    private readonly double[] _norms = new double[timeStepsMeasured]; // empty when not asked for

    /// <summary>Adds a step. Time steps are measured where the batch has as many as the longest sequence.</summary>
    /// <param name="report">What clipping did.</param>
    /// <param name="timeSteps">T of the batch.</param>
    public void Add(in ClipReport report, int timeSteps)
    {
        statistics.Add(report);
        if (_norms.Length == 0 || !report.IsFinite || timeSteps != _norms.Length || report.Step % TimeStepsEvery != 0) return;
        backend.TimeStepNorms(_norms);
        contributions.Add(_norms);
    }
}
