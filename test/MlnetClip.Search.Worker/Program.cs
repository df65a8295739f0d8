using System.Globalization;
using Microsoft.ML;
using MlnetClip;
using MlnetClip.Search.Worker;

// Arguments: the study file, and milliseconds a step of the search's own study, or "front" and milliseconds an epoch for a
// study of a forecaster. Prints "ready", waits for a line, and then prints a line for each trial that began or ended, and "done".
if (args[1] == "front")
{
    var epochTime = TimeSpan.FromMilliseconds(int.Parse(args[2], CultureInfo.InvariantCulture));
    var mlContext = new MLContext(seed: 1);
    ClippingStudy study = FrontStudy.Create(mlContext, options => options with { StoragePath = args[0], Monitor = new Printer() }, epochTime);
    IsReady();
    study.Run(FrontStudy.Series(mlContext));
}
else
{
    using var store = new SqliteStudyStore(args[0]);
    IsReady();
    await WorkerStudy.RunAsync(store, TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture)), monitor: new Printer());
}

Console.WriteLine("done");

static void IsReady()
{
    Console.WriteLine("ready");
    Console.ReadLine();
}

internal sealed class Printer : MlnetClip.IStudyMonitor
{
    public void OnTrialStarted(Trial trial) => Console.WriteLine($"started {trial.Number}");

    public void OnTrialFinished(Trial trial) => Console.WriteLine($"finished {trial.Number}");
}
