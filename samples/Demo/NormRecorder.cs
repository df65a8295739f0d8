using MlnetClip;

namespace Demo;

/// <summary>Keeps the gradient's norm before clipping, a number a step.</summary>
internal sealed class NormRecorder(List<double> norms) : IFitObserver
{
    public void OnStep(in StepReport report) => norms.Add(report.Clip.NormBefore);
}
