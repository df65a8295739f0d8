namespace MlnetClip.Cli.Output;

/// <summary>Says which learning rate a sweep found, and why. Where it found none, the trainer warns.</summary>
internal sealed class SweepNote(EpochDisplay display) : IFitObserver
{
    public void OnFitBegun(FitDescription fit)
    {
        if (fit.Sweep is { Proposal: not null } found) display.Note($"Found by a sweep: {found}.");
    }
}
