using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;

namespace MlnetClip;

/// <summary>
/// Ambient overrides for fits, for programs that do not own the pipelines that they fit: a search that tries one pipeline with
/// many seeds, a tool that shows progress. They apply to every trainer of MlnetClip that is fitted while the scope is entered,
/// in a chain of estimators too, and to threads and tasks that are started meanwhile.
/// </summary>
public sealed record FitScope
{
    private static readonly AsyncLocal<FitScope?> s_current = new();

    /// <summary>The scope that was entered last; null where there is none.</summary>
    public static FitScope? Current => s_current.Value;

    /// <summary>The seed that decides the fit, in place of <see cref="Microsoft.ML.MLContext"/>'s. Default: null to keep that one.</summary>
    public int? Seed { get; init; }

    /// <summary>Threads that train, 1 or more, where the option names no number; the result does not depend on it. Default: null for the option's default.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>What happens when a gradient is NaN or infinite, in place of the option. Default: null to keep the option.</summary>
    public NonFinitePolicy? NonFinite { get; init; }

    /// <summary>Whether to measure what each time step contributes to the gradient, so that a vanishing gradient can be detected, at one training step in eight. Default: false.</summary>
    public bool MeasureTimeSteps { get; init; }

    /// <summary>Sees the fits, after the callback and the observer in their options. What it throws ends the fit. Default: none.</summary>
    public IFitObserver? Observer { get; init; }

    /// <summary>The seed that was given to an <see cref="Microsoft.ML.MLContext"/>; null where none was.</summary>
    public static int? SeedOf(IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return HostAccess.SeedOf(environment);
    }

    /// <summary>Enters the scope until the result is disposed of, on the same thread or in the same asynchronous flow.</summary>
    public IDisposable Enter()
    {
        var exit = new Exit(s_current.Value);
        s_current.Value = this;
        return exit;
    }

    private sealed class Exit(FitScope? outer) : IDisposable
    {
        public void Dispose() => s_current.Value = outer;
    }
}
