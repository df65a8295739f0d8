using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>A saved model in a process that has only <c>new MLContext()</c> and our assembly beside it.</summary>
[TestClass]
public sealed class SecondProcessTests
{
    [TestMethod]
    public void ItForecastsTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var data = Co2.Load(mlContext);
        var model = mlContext.Forecasting.ForecastByLstm("Forecast", "Co2", 20, 5, GradientClipping.ByValue(0.5), hiddenSize: 8, numberOfEpochs: 1).Fit(data);
        mlContext.Model.Save(model, data.Schema, folder.File("model.zip"));
        string[] expected = [.. Forecasts.Read(model.Transform(data))
            .Select(row => string.Join(' ', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))))];

        string[] found = Run(folder.File("model.zip"), Co2.File, $"{expected.Length}");
        Assert.AreSequenceEqual(expected, found);
    }

    [TestMethod]
    public void ItsCodeKnowsOnlyMicrosoftML()
    {
        using var file = new PEReader(File.OpenRead(Co2.Sample("LoadAndForecast")));
        var metadata = file.GetMetadataReader();
        var names = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        Assert.IsFalse(names.Any(name => name.StartsWith("MlnetClip", StringComparison.Ordinal)), string.Join(", ", names));
    }

    [TestMethod]
    public void TheQuickstartsModelIsReadByTheSampleThatLoads()
    {
        using var folder = new TemporaryFolder();
        var written = ProcessRunner.RunAssembly(Co2.Sample("Quickstart"), [], folder.Path);
        Assert.AreEqual(0, written.ExitCode, written.Error);
        string[] last = Run(folder.File("co2.zip"));
        Assert.HasCount(1, last);
        float[] forecast = [.. last[0].Split(' ').Select(value => float.Parse(value, CultureInfo.InvariantCulture))];
        Assert.HasCount(26, forecast);
        foreach (float value in forecast) Assert.AreEqual(373f, value, 6f, last[0]);
        Assert.Contains(forecast[0].ToString("F1", CultureInfo.InvariantCulture), written.Output);
    }

    private static string[] Run(params string[] arguments)
    {
        var outcome = ProcessRunner.RunAssembly(Co2.Sample("LoadAndForecast"), arguments);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return outcome.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
