namespace MlnetClip;

/// <summary>An observer of a fit threw an exception, which ended the fit. The checkpoint was written first if the options name one.</summary>
/// <param name="observer">The <see cref="IFitObserver.Name"/> of the observer.</param>
/// <param name="call">The call that failed, for example <c>OnStep at step 7</c>.</param>
/// <param name="error">The exception that it threw.</param>
public sealed class FitObserverException(string observer, string call, Exception error)
    : Exception($"The observer {observer} failed in {call}: {Describe(error)}", error)
{
    /// <summary>The <see cref="IFitObserver.Name"/> of the observer.</summary>
    public string Observer { get; } = observer;

    private static string Describe(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return $"{error.GetType().Name}: {error.Message}";
    }
}
