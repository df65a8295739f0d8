using MlnetClip;

namespace Demo;

/// <summary>Records the norm of the gradient before clipping at each step.</summary>
internal sealed class NormRecorder(List<double> norms) : IFitObserver
{
    public void OnStep(in StepReport report) => norms.Add(report.Clip.NormBefore);
}
