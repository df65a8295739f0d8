namespace MlnetClip.Search.Studies;

/// <summary>Starts a fit and ends it before its first step, to read the options and data of the pipeline's trainer.</summary>
internal sealed class PipelineProbe : IFitObserver
{
    private FitDescription? _seen;

    /// <summary>The description of the fit; null when the pipeline has no trainer of MlnetClip.</summary>
    public static FitDescription? Of(Action<PipelineProbe> fit)
    {
        var probe = new PipelineProbe();
        try
        {
            fit(probe);
        }
        catch (SeenException)
        {
            // The fit ended where intended.
        }

        return probe._seen;
    }

    public void OnFitBegun(FitDescription fit)
    {
        _seen = fit;
        throw new SeenException();
    }

    private sealed class SeenException() : Exception("The fit was started only to read its options and data.");
}
