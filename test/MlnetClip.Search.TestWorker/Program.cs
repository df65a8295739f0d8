using System.Globalization;
using Microsoft.ML;
using MlnetClip;
using MlnetClip.Search.TestWorker;

// Arguments: the study file; "steps" for the search's own study or "front" for that of a forecaster; optionally the number of
// finished trials after which to hold, and the lease in seconds.
// Prints "ready" and waits for a line. Then prints a line for each trial that began or ended, and "done" at the end. To hold is
// to print "holding" at the next report of a trial, in the middle of it, and to wait for another line: a test then knows where
// the process is, however fast or slow the machine.
var monitor = new Printer(holdAfter: args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : int.MaxValue);
TimeSpan lease = args.Length > 3 ? TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)) : WorkerStudy.Lease;
if (args[1] == "front")
{
    var mlContext = new MLContext(seed: 1);
    ClippingStudy study = FrontStudy.Create(mlContext, options => options with { StoragePath = args[0], Monitor = monitor, Lease = lease });
    IsReady();
    study.Run(FrontStudy.Series(mlContext));
}
else
{
    using var store = new SqliteStudyStore(args[0]);
    IsReady();
    await WorkerStudy.RunAsync(store, monitor: monitor, lease: lease);
}

Console.WriteLine("done");

static void IsReady()
{
    Console.WriteLine("ready");
    Console.ReadLine();
}

internal sealed class Printer(int holdAfter) : IStudyMonitor
{
    private int _finished;
    private bool _held;

    public void OnTrialStarted(Trial trial) => Console.WriteLine($"started {trial.Number}");

    public void OnTrialReported(Trial trial, TrialReport report)
    {
        if (_held || _finished < holdAfter) return;
        _held = true;
        Console.WriteLine("holding");
        Console.ReadLine();
    }

    public void OnTrialFinished(Trial trial)
    {
        _finished++;
        Console.WriteLine($"finished {trial.Number}");
    }
}
