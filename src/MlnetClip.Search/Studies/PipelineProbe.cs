namespace MlnetClip.Search.Studies;

/// <summary>Begins a fit and ends it before its first step, to see what the trainer of a pipeline was given.</summary>
internal sealed class PipelineProbe : IFitObserver
{
    private FitDescription? _seen;

    /// <summary>What a fit would do that has the probe as its observer; null when it fits no estimator of MlnetClip.</summary>
    public static FitDescription? Of(Action<PipelineProbe> fit)
    {
        var probe = new PipelineProbe();
        try
        {
            fit(probe);
        }
        catch (SeenException)
        {
            // The fit ended where it was to end.
        }

        return probe._seen;
    }

    public void OnFitBegun(FitDescription fit)
    {
        _seen = fit;
        throw new SeenException();
    }

    private sealed class SeenException() : Exception("The fit was begun only to see what it is given.");
}
