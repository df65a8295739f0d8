using System.Globalization;
using MlnetClip.Search.Stores;
using MlnetClip.Search.Trials;
using MlnetClip.Search.Worker;

// Arguments: the study file, and milliseconds a step. Prints "ready", waits for a line, and then prints a line for each trial
// that began or ended, and "done".
using var store = new SqliteStudyStore(args[0]);
Console.WriteLine("ready");
Console.ReadLine();
await WorkerStudy.RunAsync(store, TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture)), monitor: new Printer());
Console.WriteLine("done");

internal sealed class Printer : MlnetClip.Search.Running.IStudyMonitor
{
    public void OnTrialStarted(Trial trial) => Console.WriteLine($"started {trial.Number}");

    public void OnTrialReported(Trial trial, TrialReport report)
    {
    }

    public void OnTrialFinished(Trial trial) => Console.WriteLine($"finished {trial.Number}");
}
