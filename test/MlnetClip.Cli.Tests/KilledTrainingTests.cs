using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests;

/// <summary>
/// Training that is killed at random moments and started again ends with the bits of training that was never killed. 10 kills; the environment variable
/// MLNETCLIP_KILLS sets another number.
/// </summary>
[TestClass]
public sealed class KilledTrainingTests
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "MlnetClip.Cli.dll");
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("MLNETCLIP_KILLS") ?? "10", CultureInfo.InvariantCulture);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EndsWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("series.csv"));
        int epochs = 25 * Math.Max(Kills, 10);
        string[] whole = Arguments(folder.File("whole.zip")), killed =
            [.. Arguments(folder.File("killed.zip")), "--checkpoint", folder.File("fit.ckpt"), "--checkpoint-every", "5steps", "--checkpoints-kept", "2"];
        ProcessOutcome run = ProcessRunner.RunAssembly(Assembly, whole);
        Assert.AreEqual(0, run.ExitCode, run.Error);

        var random = new Random(1);
        int before = 0, within = 0;
        for (int kill = 0; kill < Kills && !File.Exists(folder.File("killed.zip")); kill++)
        {
            using Process process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Assembly, .. killed])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            DateTime last = Written();
            bool progressed = kill % 4 != 3 && SpinWait.SpinUntil(() => Written() != last || process.HasExited, Patience.Limit); // now and then before any progress
            Thread.Sleep(random.Next(progressed ? 200 : 400));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            if (progressed) within++;
            else before++;
        }

        TestContext.WriteLine($"killed {within} times while it trained and {before} times at its start; finished by itself: {File.Exists(folder.File("killed.zip"))}");
        run = ProcessRunner.RunAssembly(Assembly, killed);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("Resumed after epoch ", run.Error);
        CollectionAssert.AreEqual(Weights("whole.zip"), Weights("killed.zip"));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, ".*"), "nothing is left behind");

        string[] Arguments(string model)
        {
            string[] arguments = SeriesFile.Train(data, model);
            arguments[Array.IndexOf(arguments, "--epochs") + 1] = epochs.ToString(CultureInfo.InvariantCulture);
            return arguments;
        }

        DateTime Written() => File.GetLastWriteTimeUtc(folder.File("fit.ckpt"));

        int[] Weights(string model)
        {
            var transformer = (LstmForecastingTransformer)new MLContext().Model.Load(folder.File(model), out _);
            return [.. transformer.Model.ParameterNames.SelectMany(name => transformer.Model.GetWeights(name).ToArray()).Select(BitConverter.SingleToInt32Bits)];
        }
    }
}
