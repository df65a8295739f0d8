using System.Runtime.InteropServices;
using MlnetClip.TestKit;
using MlnetClip.Tests;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The tool with <c>--backend torch</c>, and libtorch in a folder that it is given.</summary>
[TestClass]
public sealed class ToolTests : LibtorchTest
{
    /// <summary>The libraries beside these tests: libtorch, and TorchSharp's own as it is loadable here.</summary>
    private static readonly string Libraries = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");

    [TestMethod]
    public void ItTrainsOnLibtorchFromAFolder()
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome torch = Train(folder, "--backend", "torch", "--device", "cpu", "--libtorch", Libraries), managed = Train(folder);

        Assert.AreEqual(0, torch.ExitCode, torch.Error);
        Assert.AreEqual(Epoch(managed), Epoch(torch));
        ProcessOutcome inspected = Tool(folder, "inspect", folder.File("model.zip"), "--json");
        Assert.AreEqual(0, inspected.ExitCode, inspected.Error);

        static string Epoch(ProcessOutcome outcome) => outcome.Error.Split(Environment.NewLine).Single(line => line.StartsWith("epoch 1/1  loss ", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("--backend torch --libtorch .", "has no libtorch")]
    [DataRow("--device cpu", "--device needs --backend torch")]
    [DataRow("--libtorch .", "--libtorch needs --backend torch")]
    [DataRow("--backend tensorflow", "--backend must be managed or torch, but was 'tensorflow'.")]
    [DataRow("--backend torch:cpu --device cuda", "--device cuda:0 contradicts --backend torch:cpu")]
    [DataRow("--backend torch --device gpu", "--device: must be cpu, cuda or cuda:N")]
    public void WrongArgumentsAreReportedBeforeAnyWork(string arguments, string error)
    {
        using var folder = new TemporaryFolder();

        ProcessOutcome outcome = Train(folder, arguments.Split(' '));

        Assert.AreEqual(2, outcome.ExitCode);
        Assert.Contains(error, outcome.Error);
        Assert.IsFalse(File.Exists(folder.File("model.zip")));
    }

    [TestMethod]
    public void AMissingDeviceIsReportedBeforeAnyWork()
    {
        using var folder = new TemporaryFolder();

        ProcessOutcome outcome = Train(folder, "--backend", "torch", "--device", "cuda:3", "--libtorch", Libraries);

        Assert.AreEqual(2, outcome.ExitCode);
        Assert.Contains("there is no cuda:3: libtorch sees no CUDA device", outcome.Error);
        Assert.Contains("--device cpu", outcome.Error);
    }

    private static ProcessOutcome Train(TemporaryFolder folder, params string[] arguments) => Tool(folder,
        ["train", "forecasting", "--data", Co2.File, "--target", "co2", "--window", "20", "--horizon", "3", "--hidden", "8", "--epochs", "1", "--linear-part", "None", "--model", folder.File("model.zip"), .. arguments]);

    private static ProcessOutcome Tool(TemporaryFolder folder, params string[] arguments) => ProcessRunner.RunAssembly(
        Path.Combine(RepositoryFiles.Root, "src", "MlnetClip.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "MlnetClip.Cli.dll"), arguments, folder.Path);
}
