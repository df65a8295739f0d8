namespace MlnetClip.Training;

/// <summary>Notifies observers in order; an exception becomes a <see cref="FitObserverException"/> that names the observer, unless it cancels or refuses the fit.</summary>
internal sealed class ObserverList(IFitObserver[] items) : IFitObserver
{
    public IReadOnlyList<IFitObserver> Items => items;

    public FitMeasures Measures
    {
        get
        {
            FitMeasures measures = FitMeasures.None;
            foreach (IFitObserver observer in items) measures |= observer.Measures;
            return measures;
        }
    }

    /// <summary>The observers of a fit; empty for null.</summary>
    public static ObserverList From(IFitObserver? observer) => observer switch { null => new([]), ObserverList list => list, _ => new([observer]) };

    public void OnFitBegun(FitDescription fit)
    {
        foreach (IFitObserver observer in items) observer.OnFitBegun(fit);
    }

    public void OnStep(in StepReport report)
    {
        foreach (IFitObserver observer in items)
        {
            try
            {
                observer.OnStep(in report);
            }
            catch (Exception error) when (IsFault(error))
            {
                throw new FitObserverException(observer.Name, $"{nameof(OnStep)} at step {report.Step}", error);
            }
        }
    }

    public void OnValidationBatch()
    {
        foreach (IFitObserver observer in items)
        {
            try
            {
                observer.OnValidationBatch();
            }
            catch (Exception error) when (IsFault(error))
            {
                throw new FitObserverException(observer.Name, nameof(OnValidationBatch), error);
            }
        }
    }

    public void OnEpoch(EpochReport report) => Notify(observer => observer.OnEpoch(report), $"{nameof(OnEpoch)} after epoch {report.Epoch}");

    public void OnVerdict(ClippingVerdict verdict) => Notify(observer => observer.OnVerdict(verdict), nameof(OnVerdict));

    public void OnCheckpoint(CheckpointReport report) => Notify(observer => observer.OnCheckpoint(report), nameof(OnCheckpoint));

    public void OnFitEnded(TrainingResult result) => Notify(observer => observer.OnFitEnded(result), nameof(OnFitEnded));

    private void Notify(Action<IFitObserver> notify, string call)
    {
        foreach (IFitObserver observer in items)
        {
            try
            {
                notify(observer);
            }
            catch (Exception error) when (IsFault(error))
            {
                throw new FitObserverException(observer.Name, call, error);
            }
        }
    }

    private static bool IsFault(Exception error) => error is not (OperationCanceledException or FitObserverException);
}
