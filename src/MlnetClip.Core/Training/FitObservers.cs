using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Several observers as one.</summary>
public static class FitObservers
{
    /// <summary>Finite steps that a fit must have before it comes to a verdict while it runs: 50.</summary>
    public const int StepsBeforeVerdicts = 50;

    /// <summary>One observer that notifies others in the order given. An error names the one that failed.</summary>
    /// <param name="observers">The observers; null entries are left out.</param>
    /// <returns>The observer; null when there is none.</returns>
    public static IFitObserver? Of(params ReadOnlySpan<IFitObserver?> observers)
    {
        var all = new List<IFitObserver>();
        foreach (IFitObserver? observer in observers)
        {
            if (observer is ObserverList several) all.AddRange(several.Items);
            else if (observer is not null) all.Add(observer);
        }

        return all.Count switch { 0 => null, 1 => all[0], _ => new ObserverList([.. all]) };
    }
}
