using System.Diagnostics;
using MlnetClip.Checkpoints;

namespace MlnetClip.Training;

/// <summary>Writes the checkpoints of a fit when they are due. A checkpoint that cannot be written is reported, and the fit goes on.</summary>
internal sealed class CheckpointWriter(TrainingOptions options, Action<Stream> save)
{
    private readonly CheckpointFiles? _files = options.CheckpointPath is { } path ? new CheckpointFiles(path, options.KeptCheckpoints) : null;
    private readonly CheckpointInterval _interval = options.CheckpointInterval;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Starts the clock.</summary>
    public void Begin() => _last = Stopwatch.GetTimestamp();

    /// <summary>Whether a checkpoint is due after a step.</summary>
    public bool IsDueAfterStep(FitPosition position) => _files is not null
        && (_interval.Steps is { } steps ? position.Step % steps == 0 : _interval.Time is { } time && Stopwatch.GetElapsedTime(_last) >= time);

    /// <summary>Whether a checkpoint is due after an epoch.</summary>
    public bool IsDueAfterEpoch(FitPosition position) => _files is not null && _interval.Epochs is { } epochs && position.Epoch % epochs == 0;

    /// <summary>Writes a checkpoint; null where the fit has none.</summary>
    public CheckpointReport? Write(FitPosition position)
    {
        if (_files is null) return null;
        string? error = null;
        try
        {
            _files.Write(save);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
        }

        _last = Stopwatch.GetTimestamp();
        return new CheckpointReport(options.CheckpointPath!, position.Epoch, position.Step, error);
    }
}
