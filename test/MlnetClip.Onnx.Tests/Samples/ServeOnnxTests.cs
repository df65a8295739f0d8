using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests.Samples;

/// <summary>samples/ExportOnnx trains and exports; samples/ServeOnnx serves the file in a process that has neither MlnetClip nor ML.NET.</summary>
[TestClass]
public sealed class ServeOnnxTests
{
    [TestMethod]
    public void WhatIsServedIsWhatWasTrained()
    {
        using var folder = new TemporaryFolder();
        string exported = Run("ExportOnnx", folder), served = Run("ServeOnnx", folder);
        string forecast = Regex.Match(exported, "ML.NET forecasts ([0-9. ]+)").Groups[1].Value;
        Assert.HasCount(26, forecast.Split(' '));
        Assert.Contains($"ONNX Runtime forecasts {forecast}", served);
        double error = double.Parse(Regex.Match(served, @"a week ahead, RMSE ([0-9.]+) ppm").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.IsTrue(error is > 0.2 and < 0.6, served); // 0.4 when this was written; the last value's is 0.6
    }

    [TestMethod]
    public void TheServerHasOnnxRuntimeAlone()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.GetDirectoryName(Sample("ServeOnnx"))!, "*.dll").Select(path => Path.GetFileName(path)!)];
        Assert.AreSequenceEqual(new[] { "Microsoft.ML.OnnxRuntime.dll", "ServeOnnx.dll", "System.Numerics.Tensors.dll" }, files.Order(StringComparer.Ordinal));
        using var file = new PEReader(File.OpenRead(Sample("ServeOnnx")));
        MetadataReader metadata = file.GetMetadataReader();
        string[] names = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        Assert.IsFalse(names.Any(name => name.StartsWith("MlnetClip", StringComparison.Ordinal)), string.Join(", ", names));
    }

    private static string Run(string sample, TemporaryFolder folder)
    {
        ProcessOutcome outcome = ProcessRunner.RunAssembly(Sample(sample), [], folder.Path);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output;
    }

    private static string Sample(string name) =>
        Path.Combine(RepositoryFiles.Root, "samples", name, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, $"{name}.dll");
}
