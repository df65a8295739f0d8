using System.Globalization;
using Microsoft.ML.Runtime;
using MlnetClip.Search.Planning;

namespace MlnetClip.Search.Studies;

/// <summary>Writes events to the context's log and passes them to the user's monitor.</summary>
internal sealed class StudyLog : IStudyMonitor, IDisposable
{
    private readonly IChannel _channel;
    private readonly ClippingSpace _space;
    private readonly IStudyMonitor? _monitor;

    public StudyLog(IHostEnvironment environment, ClippingSpace space, IStudyMonitor? monitor)
    {
        (_space, _monitor) = (space, monitor);
        _channel = environment.Register(nameof(ClippingStudy)).Start("Search");
    }

    public void OnTrialStarted(Trial trial) => _monitor?.OnTrialStarted(trial);

    public void OnTrialReported(Trial trial, TrialReport report) => _monitor?.OnTrialReported(trial, report);

    public void OnTrialFinished(Trial trial)
    {
        if (trial.Finished)
        {
            string value = trial.Value is { } loss ? string.Create(CultureInfo.InvariantCulture, $", loss {loss:G5}") : trial.Failure is { } failure ? $": {failure.Message}" : "";
            Info($"Trial {trial.Number}, {_space.ClippingAt(trial.Point)} with seed {trial.Seed}: {trial.State}{value}");
        }

        _monitor?.OnTrialFinished(trial);
    }

    public void Info(string message) => _channel.Info(MessageSensitivity.None, message);

    public void Dispose() => _channel.Dispose();
}
