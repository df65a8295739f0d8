using MlnetClip.Clipping;
using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>The stage after the update: adds the step to the statistics and, at some steps, measures what each time step contributed to the gradient.</summary>
internal sealed class GradientMeasuring(IBackend backend, ClippingStatistics statistics, TimeStepContributions contributions, int timeStepsMeasured)
{
    /// <summary>Measuring takes a pass over all time steps; at one step in eight it takes less than a hundredth of the time.</summary>
    private const int TimeStepsEvery = 8;

    private double[] _norms = new double[timeStepsMeasured]; // empty when not measured
    private bool _maySkip;

    /// <summary>Measures time steps because an observer asks for them, if the backend can.</summary>
    /// <param name="timeSteps">T of the longest sequence.</param>
    public void AskForTimeSteps(int timeSteps)
    {
        if (_norms.Length == 0) (_norms, _maySkip) = (new double[timeSteps], true);
    }

    /// <summary>Adds a step. Contributions of time steps are measured only in batches that have as many as the longest sequence.</summary>
    /// <param name="report">The report of clipping.</param>
    /// <param name="timeSteps">T of the batch.</param>
    /// <returns>The norms by time step, overwritten later; null where they were not measured.</returns>
    public double[]? Add(in ClipReport report, int timeSteps)
    {
        statistics.Add(report);
        if (_norms.Length == 0 || !report.IsFinite || timeSteps != _norms.Length || report.Step % TimeStepsEvery != 0) return null;
        try
        {
            backend.TimeStepNorms(_norms);
        }
        catch (NotSupportedException) when (_maySkip)
        {
            _norms = [];
            return null;
        }

        contributions.Add(_norms);
        return _norms;
    }
}
