namespace MlnetClip.Cli.Output;

/// <summary>The files that the steps of a fit are written to while it runs.</summary>
internal sealed class MonitoringFiles : IDisposable
{
    private readonly StepLog? _log;
    private readonly TensorBoardLog? _tensorBoard;

    /// <param name="log">The file of JSON lines; null for none.</param>
    /// <param name="tensorBoard">The folder for TensorBoard; null for none.</param>
    public MonitoringFiles(string? log, string? tensorBoard)
    {
        _log = log is null ? null : new StepLog(log);
        _tensorBoard = tensorBoard is null ? null : new TensorBoardLog(tensorBoard);
    }

    /// <summary>Other observers and these files as one observer.</summary>
    public IFitObserver With(params ReadOnlySpan<IFitObserver> others) => FitObservers.Of([.. others, _log, _tensorBoard])!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _log?.Dispose();
        _tensorBoard?.Dispose();
    }
}
