using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Ambient overrides for fits, for programs that do not own the pipelines that they fit: a search that tries one pipeline with
/// many seeds, or a tool that shows progress. They apply to every trainer of MlnetClip that is fitted while the scope is entered,
/// also within a chain of estimators, and to threads and tasks that are started in the meantime.
/// </summary>
public sealed record FitScope
{
    private static readonly OptionRange s_threads = new(nameof(NumberOfThreads), 1, 1024); // as for the option
    private static readonly AsyncLocal<FitScope?> s_current = new();

    /// <summary>The innermost scope; null if there is none.</summary>
    public static FitScope? Current => s_current.Value;

    /// <summary>The seed of the fit, instead of that of the <see cref="Microsoft.ML.MLContext"/>. Default: null to use that one.</summary>
    public int? Seed { get; init; }

    /// <summary>The number of training threads, from 1 to 1024, if the option is not set; the result does not depend on it. Default: null for the option's default.</summary>
    public int? NumberOfThreads { get; init; }

    /// <summary>What happens when a gradient is NaN or infinite, instead of the option. Default: null to use the option.</summary>
    public NonFinitePolicy? NonFinite { get; init; }

    /// <summary>Whether to measure what each time step contributes to the gradient, so that a vanishing gradient can be detected, at one training step in eight. Default: false.</summary>
    public bool MeasureTimeSteps { get; init; }

    /// <summary>Is notified of the fits, after the callback and the observer in their options. Default: none.</summary>
    public IFitObserver? Observer { get; init; }

    /// <summary>The seed of an <see cref="Microsoft.ML.MLContext"/>; null if it has none.</summary>
    public static int? SeedOf(IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return HostAccess.SeedOf(environment);
    }

    /// <summary>Enters the scope until the result is disposed, on the same thread or in the same asynchronous flow.</summary>
    /// <exception cref="ArgumentException"><see cref="NumberOfThreads"/> is outside its range.</exception>
    public IDisposable Enter()
    {
        var errors = new OptionErrors(nameof(FitScope));
        if (NumberOfThreads is { } threads) errors.Check(s_threads, threads);
        errors.ThrowIfAny();
        var exit = new Exit(s_current.Value);
        s_current.Value = this;
        return exit;
    }

    private sealed class Exit(FitScope? outer) : IDisposable
    {
        public void Dispose() => s_current.Value = outer;
    }
}
