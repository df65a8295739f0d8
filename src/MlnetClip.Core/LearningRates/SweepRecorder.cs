namespace MlnetClip.LearningRates;

/// <summary>Records the steps of a sweep and stops it when the loss has risen, or is no longer finite.</summary>
/// <param name="steps">Steps at most.</param>
/// <param name="stop">Stops the sweep.</param>
internal sealed class SweepRecorder(int steps, Action stop) : IFitObserver
{
    private const double Smoothing = 0.9;
    private const double Risen = 4; // times the lowest smoothed loss

    /// <summary>A loss may be negative or near zero, so the rise is measured against the fall so far too.</summary>
    private const double RisenOfFall = 4;

    private readonly List<LearningRatePoint> _points = [];
    private double _sum, _weight, _first = double.NaN, _lowest = double.PositiveInfinity;

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<LearningRatePoint> Points => _points;

    /// <summary>Whether the sweep was stopped because the loss had risen.</summary>
    public bool HasRisen { get; private set; }

    public void OnStep(in StepReport report)
    {
        if (!double.IsFinite(report.Loss) || !report.Clip.IsFinite)
        {
            End(risen: true);
            return;
        }

        _sum = (Smoothing * _sum) + ((1 - Smoothing) * report.Loss);
        _weight = (Smoothing * _weight) + (1 - Smoothing);
        double smoothed = _sum / _weight;
        if (double.IsNaN(_first)) _first = smoothed;
        _lowest = Math.Min(_lowest, smoothed);
        _points.Add(new LearningRatePoint(report.LearningRate, report.Loss, smoothed, report.Clip.NormBefore, report.Clip.Changed));
        bool risen = smoothed > _lowest + Math.Max((Risen - 1) * Math.Abs(_lowest), RisenOfFall * (_first - _lowest));
        if (risen || _points.Count == steps) End(risen);
    }

    private void End(bool risen)
    {
        HasRisen |= risen;
        stop();
    }
}
