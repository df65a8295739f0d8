using MlnetClip.Clipping;
using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>The stage after the update: adds the step to the statistics and, at some steps, measures what each time step contributed to the gradient.</summary>
internal sealed class GradientMeasuring(IBackend backend, ClippingStatistics statistics, TimeStepContributions contributions, int timeStepsMeasured)
{
    /// <summary>Measuring takes a pass over all time steps; at one step in eight it takes less than a hundredth of the time.</summary>
    private const int TimeStepsEvery = 8;

    private readonly double[] _norms = new double[timeStepsMeasured]; // empty when not measured

    /// <summary>Adds a step. Contributions of time steps are measured only in batches that have as many as the longest sequence.</summary>
    /// <param name="report">The report of clipping.</param>
    /// <param name="timeSteps">T of the batch.</param>
    public void Add(in ClipReport report, int timeSteps)
    {
        statistics.Add(report);
        if (_norms.Length == 0 || !report.IsFinite || timeSteps != _norms.Length || report.Step % TimeStepsEvery != 0) return;
        backend.TimeStepNorms(_norms);
        contributions.Add(_norms);
    }
}
