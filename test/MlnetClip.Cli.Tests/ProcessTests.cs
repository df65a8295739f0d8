using System.Diagnostics;
using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests;

/// <summary>The tool as a process: what a shell sees.</summary>
[TestClass]
public sealed class ProcessTests
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "MlnetClip.Cli.dll");

    [TestMethod]
    public void JsonIsAllThatStandardOutputHas()
    {
        ProcessOutcome run = ProcessRunner.RunAssembly(Assembly, ["evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--json"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual('{', run.Output[0], "no byte order mark");
        Assert.AreEqual(
            TrainedModel.Run.Json.GetProperty("metrics").GetRawText(), JsonDocument.Parse(run.Output).RootElement.GetProperty("metrics").GetRawText());
    }

    [TestMethod]
    public void WrongArgumentsExitWithTwo()
    {
        ProcessOutcome run = ProcessRunner.RunAssembly(Assembly, ["train", "forecasting", "--json"]);
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("", run.Output);
    }

    /// <summary>Loading libraries would take most of their time.</summary>
    [TestMethod]
    [DataRow("--help")]
    [DataRow("--version")]
    [DataRow("train", "--help")]
    public void WhatNeedsNoLibraryLoadsNone(params string[] arguments)
    {
        ProcessOutcome run = ProcessRunner.RunAssembly(Assembly, arguments, variable: ("DOTNET_STARTUP_HOOKS", typeof(ProcessTests).Assembly.Location));
        string[] loaded = run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("MlnetClip.Cli", loaded, run.Error);
        foreach (string name in loaded)
            Assert.IsTrue(name is "MlnetClip.Cli" or "MlnetClip.Cli.Tests" or "Microsoft.Win32.Primitives" || name.StartsWith("System.", StringComparison.Ordinal) && name != "System.Text.Json", name);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ASignalEndsTrainingCleanly()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = SeriesFile.Train(TrainedModel.Data, folder.File("model.zip"), "--json");
        arguments[Array.IndexOf(arguments, "--epochs") + 1] = "1000000";
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Assembly, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string error = "";
        while (!error.Contains("epoch 1/", StringComparison.Ordinal) && process.StandardError.ReadLine() is { } line) error += line;
        // Not the interrupt, which ends it the same way: where the tests run in the background, a shell may have it ignored.
        ProcessRunner.Run("kill", ["-TERM", $"{process.Id}"]);
        Task<string> rest = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Patience.Limit);
        if (!ended) process.Kill(entireProcessTree: true);
        error += rest.Result;
        Assert.IsTrue(ended, error);
        Assert.AreEqual(1, process.ExitCode, error);
        Assert.AreEqual("", process.StandardOutput.ReadToEnd());
        StringAssert.Contains(error, "cancelled; no result was written.");
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
