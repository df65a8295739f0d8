using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary>A search that a command runs: its progress, and its errors as those of the tool.</summary>
/// <param name="terminal">Where it writes.</param>
/// <param name="settings">What is searched.</param>
/// <param name="epochs">The epochs of a fit.</param>
/// <param name="seed">The first seed.</param>
internal sealed class StudyRun(Terminal terminal, SearchedSettings settings, int epochs, int seed)
{
    /// <summary>Runs the search.</summary>
    /// <exception cref="InputException">The options or the data are wrong.</exception>
    public ClippingStudyResult Search(MLContext mlContext, ClippingStudyOptions options, IDataView rows, StartingWeights start, CancellationToken cancellation)
    {
        var progress = new TuningProgress(terminal, settings, options.Budget.MaxModelToExplore, epochs, seed);
        mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Error) progress.Say($"error: {message.RawMessage}");
        };
        try
        {
            ClippingStudy study = mlContext.CreateClippingStudy(options with { Monitor = progress });
            return progress.Run(() => study.RunAsync(rows, cancellationToken: cancellation).GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            bool isIdentity = e is InvalidDataException && e.Message.StartsWith("The study", StringComparison.Ordinal); // it has the names of options as the study stores them
            throw isIdentity ? new InputException(e.Message, inner: e) : start.Explain(e);
        }
        catch (InvalidOperationException e) when (e.InnerException is IOException or InvalidDataException)
        {
            throw new IOException(e.InnerException.Message, e); // the study's file, in mid-study
        }
        catch (OperationCanceledException)
        {
            string best = progress.Best is { } trial ? $"; the best so far was {settings.Typed(trial.Point)} with loss {Figures.Number(trial.Value!.Value)}" : "";
            terminal.Log(options.StoragePath is { } study
                ? $"{study} stores the {progress.Finished} trials that finished in this run{best}. The same command resumes from there."
                : $"{progress.Finished} trials finished{best}. Nothing was stored: pass a file with --study to be able to resume.");
            throw;
        }
    }

    /// <summary>A hint when nothing could be trained.</summary>
    public string? Hint(StudyConclusion conclusion) =>
        conclusion.Failures.Any(failure => failure.Kind == FailureKind.NonFinite) ? $"{settings.SmallerRate}, or --nonfinite skip:10, may help."
        : conclusion.TimeIsUp ? "give a longer --time-budget."
        : null;
}
