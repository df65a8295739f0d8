using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>The time from the start of a process until a user sees something: the help of the tool, and the first training step.</summary>
internal static class StartupTable
{
    private const string Tool = "MlnetClip.Cli", FirstStep = "first step", Line = "a line";
    private const int Repeats = 10, Rows = 150, Window = 24, Horizon = 6;

    private static readonly string Self = Path.Combine(AppContext.BaseDirectory, "MlnetClip.Benchmarks.dll");

    /// <summary>Prints the table.</summary>
    /// <param name="tool">The tool as it is installed, for example <c>~/.dotnet/tools/mlnetclip</c>; null for the one that is built here, which is not compiled ahead of time.</param>
    public static void Run(string? tool)
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv");
        File.WriteAllLines(data, ["value", .. Enumerable.Range(0, Rows).Select(row => Value(row).ToString(CultureInfo.InvariantCulture))]);
        string built = Path.Combine(RepositoryFiles.Root, "src", Tool, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, $"{Tool}.dll");
        if (tool is null && !File.Exists(built)) throw new ArgumentException($"startup: {built} is not built.{Environment.NewLine}Hint: ./build.sh build, or --tool PATH of an installed one.");
        string[] train = ["train", "forecasting", "--data", data, "--target", "value", "--window", $"{Window}", "--horizon", $"{Horizon}", "--epochs", "1", "--min-steps", "0", "--batch", "1000", "--model", folder.File("model.zip")];

        Console.WriteLine(Machine.Describe());
        Console.WriteLine(tool ?? built);
        Console.WriteLine();
        Console.WriteLine($"{"until, in milliseconds",-62} {"median",8} {"least",8}");
        Print("a .NET program prints a line", () => Dotnet(Self, ["startup", Line]), Line);
        Print("mlnetclip --version prints it", () => OfTool(["--version"]), "mlnetclip");
        Print("mlnetclip --help has printed it", () => OfTool(["--help"]), null);
        Print("mlnetclip train forecasting --help has printed it", () => OfTool(["train", "forecasting", "--help"]), null);
        Print("mlnetclip train forecasting reports an epoch of one step", () => OfTool(train), "epoch 1/");
        Print("a C# program with a forecaster has made its first step", () => Dotnet(Self, ["startup", FirstStep]), FirstStep);

        ProcessStartInfo OfTool(string[] arguments) => tool is null ? Dotnet(built, arguments) : new ProcessStartInfo(tool, arguments);
    }

    /// <summary>What a measured process does.</summary>
    public static void Own(string what)
    {
        if (what == Line) Console.WriteLine(Line);
        else Fit();
    }

    /// <summary>Its own method, so that the other measurement does not load what it needs.</summary>
    private static void Fit()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(row => new Row { Value = Value(row) }));
        mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = nameof(Row.Value), WindowSize = Window, Horizon = Horizon, NumberOfEpochs = 1, MinimumNumberOfSteps = 0, Observer = new Steps(),
        }).Fit(data);
    }

    private static float Value(int row) => MathF.Sin(row / 4f) + (row % 7 / 10f);

    private static ProcessStartInfo Dotnet(string assembly, string[] arguments) =>
        new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet", ["exec", assembly, .. arguments]);

    private static void Print(string what, Func<ProcessStartInfo> start, string? until)
    {
        var times = new List<double>();
        for (int i = 0; i <= Repeats; i++)
        {
            double time = Milliseconds(start(), until);
            if (i > 0) times.Add(time); // the first one fills the caches of files
        }

        Console.WriteLine($"{what,-62} {OurEngine.Median(times),8:F0} {times.Min(),8:F0}");
    }

    /// <summary>From the start until a line on either stream has the text, or until the end of the process.</summary>
    private static double Milliseconds(ProcessStartInfo start, string? until)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        long begun = Stopwatch.GetTimestamp(), seen = 0;
        using Process process = Process.Start(start)!;
        void Look(object sender, DataReceivedEventArgs line)
        {
            if (until is not null && line.Data?.Contains(until, StringComparison.Ordinal) == true) Interlocked.CompareExchange(ref seen, Stopwatch.GetTimestamp(), 0);
        }

        process.OutputDataReceived += Look;
        process.ErrorDataReceived += Look;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        if (process.ExitCode != 0 || (until is not null && seen == 0)) throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed.");
        return Stopwatch.GetElapsedTime(begun, seen == 0 ? Stopwatch.GetTimestamp() : seen).TotalMilliseconds;
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }

    private sealed class Steps : IFitObserver
    {
        public void OnStep(in StepReport report) => Console.WriteLine(FirstStep);
    }
}
