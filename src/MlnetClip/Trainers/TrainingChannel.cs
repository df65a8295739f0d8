using Microsoft.ML.Runtime;
using static System.FormattableString;

namespace MlnetClip.Trainers;

/// <summary>Reports a fit as it runs, in <c>MLContext.Log</c> and as progress.</summary>
internal sealed class TrainingChannel : IFitObserver, IDisposable
{
    /// <summary>Messages about the rows may have values from them, such as extreme readings and the names of series.</summary>
    private const MessageSensitivity OfData = MessageSensitivity.Schema | MessageSensitivity.UserData;

    private readonly LstmTrainerOptions _options;
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly Dictionary<ClippingConclusion, int> _warned = [];
    private long _steps;
    private int _epochs;

    /// <param name="host">The trainer's host.</param>
    /// <param name="options">The options of the fit.</param>
    public TrainingChannel(IHost host, LstmTrainerOptions options)
    {
        _options = options;
        _channel = host.Start("Training");
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(new ProgressHeader(["Training loss", "Validation loss"], ["epochs", "steps"]), entry =>
        {
            entry.SetProgress(0, _epochs, options.NumberOfEpochs);
            entry.SetProgress(1, _steps);
        });
    }

    /// <summary>Reports what the fit will learn from.</summary>
    public void Begin(FitRequest request, int seed)
    {
        Info($"{request.Subject}, clipping {_options.Clipping}, seed {seed}.", OfData);
        foreach (string note in request.Notes) Info(note, OfData);
        foreach (string warning in request.Warnings) Warning(warning, OfData);
    }

    public void OnFitBegun(FitDescription fit)
    {
        if (fit.Sweep is { Proposal: not null } found) Info($"Found by a sweep: {found}.");
        else if (fit.Sweep is { } undecided) Warning(Invariant($"The default learning rate {fit.LearningRate:G4} is used, because {undecided}."));
        foreach (string damaged in fit.Resumed?.Damaged ?? []) Warning($"A checkpoint is damaged, and the one before it is used: {damaged}");
        if (fit.Resumed is { } resumed) Info($"Resuming from '{fit.CheckpointPath}' after {resumed.Epochs} epoch{(resumed.Epochs == 1 ? "" : "s")}.");
    }

    public void OnStep(in StepReport report) => _steps = report.Step + 1;

    public void OnEpoch(EpochReport report)
    {
        _epochs = report.Epoch;
        string validation = report.ValidationLoss is { } loss ? Invariant($", validation loss {loss:G5}{(report.IsBest ? " (best so far)" : "")}") : "";
        Info(Invariant($"Epoch {report.Epoch} of {_options.NumberOfEpochs}: training loss {report.TrainLoss:G5}{validation}, ")
            + Invariant($"gradient norm {report.NormMedian:G4} (median), {report.NormMaximum:G4} (largest), {100 * report.ShareClipped:F0}% of steps clipped, learning rate {report.LearningRate:G4}")
            + (double.IsNaN(report.Threshold) ? "" : Invariant($" with threshold {report.Threshold:G4}"))
            + (report.RefusedSteps == 0 ? "." : Invariant($", {report.RefusedSteps} skipped as spikes.")));
        if (report.NonFiniteSteps > 0)
            Warning(Invariant($"Epoch {report.Epoch}: {report.NonFiniteSteps} steps had a gradient that is not finite; the policy is {_options.NonFinite}."));
        _progress.Checkpoint(report.TrainLoss, report.ValidationLoss, _epochs, _steps);
    }

    /// <summary>A conclusion that asks for an action is a warning, once; steps that are not finite have a warning in their epoch.</summary>
    public void OnVerdict(ClippingVerdict verdict)
    {
        if (verdict.Conclusion is ClippingConclusion.MostStepsClipped or ClippingConclusion.MostStepsSkipped or ClippingConclusion.UpdatesVanish
            or ClippingConclusion.VanishingGradient or ClippingConclusion.NoFiniteStep)
        {
            Warning($"After epoch {_epochs}: {verdict}");
            _warned[verdict.Conclusion] = _epochs;
        }
    }

    public void OnCheckpoint(CheckpointReport report)
    {
        if (report.Error is { } error)
            Warning($"The checkpoint '{report.Path}' could not be written after step {report.Steps}: {error.TrimEnd('.')}. Training goes on; the checkpoint before it is as it was.");
    }

    public void OnFitEnded(TrainingResult result)
    {
        if (result.Steps == 0)
        {
            Info("No training step was made: the model has the weights that training began with.");
            return;
        }

        foreach (var (conclusion, epoch) in _warned)
        {
            if (!result.Clipping.Verdicts.Any(verdict => Confirms(verdict.Conclusion, conclusion)))
                Warning($"The warning after epoch {epoch} ({Words(conclusion)}) does not hold for the fit as a whole: the figures of the later steps differ.");
        }

        string reason = result.Reason == StopReason.EarlyStopped ? "stopped early" : "done";
        Info(Invariant($"Training {reason} after {result.EpochsRun} epochs, {result.Steps} steps; the weights of epoch {result.BestEpoch} are kept."));
    }

    public void Dispose()
    {
        _progress.Dispose();
        _channel.Dispose();
    }

    /// <summary>Whether a conclusion about the whole fit does not take an earlier one back: it is the same, or a stronger one.</summary>
    private static bool Confirms(ClippingConclusion whole, ClippingConclusion earlier) => whole == earlier
        || (earlier == ClippingConclusion.MostStepsClipped && whole is (ClippingConclusion.UpdatesVanish or ClippingConclusion.MostStepsSkipped));

    /// <summary>The conclusion as words: vanishing gradient.</summary>
    private static string Words(ClippingConclusion conclusion) =>
        string.Concat($"{conclusion}".Select((letter, i) => char.IsUpper(letter) ? $"{(i == 0 ? "" : " ")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private void Info(string message, MessageSensitivity sensitivity = MessageSensitivity.Schema) => _channel.Info(sensitivity, message);

    private void Warning(string message, MessageSensitivity sensitivity = MessageSensitivity.Schema) => _channel.Warning(sensitivity, message);
}
