using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;
using MlnetClip.TestKit;
using MlnetClip.Tests;
using TorchSharp;

namespace MlnetClip.Libtorch.Tests;

/// <summary>
/// Microsoft.ML.TorchSharp 0.23.1, built against TorchSharp 0.102.7, in the process of TorchSharp 0.107.0: what docs/libtorch.md says of them. When one of these tests fails
/// because Microsoft's trainer works, the page is to change.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class CoexistenceTests : LibtorchTest
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    [TestMethod]
    public void BothAreLoadedAndOursTrainsBeforeAndAfterTheirsFails()
    {
        Assert.AreEqual(new Version(0, 107, 0, 0), typeof(torch).Assembly.GetName().Version);
        Assert.AreEqual(new Version(0, 102, 7, 0), typeof(BertArchitecture).Assembly.GetReferencedAssemblies().Single(name => name.Name == "TorchSharp").Version);
        float[] before = Ours();

        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1) { FallbackToCpu = true, TempFilePath = folder.Path };
        var trainer = context.MulticlassClassification.Trainers.TextClassification(labelColumnName: "Label", sentence1ColumnName: "Text", maxEpochs: 1, batchSize: 4);
        WriteRandomEncoder(trainer, folder);
        IDataView rows = context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 16).Select(n => new Sentence { Text = n % 2 == 0 ? "good and fine" : "bad and poor", Label = n % 2 == 0 ? "a" : "b" }).ToArray());

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => context.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(rows));

        Assert.AreEqual("Tensor invalid -- empty handle.", error.Message); // a weight that its own initialization has disposed of
        Near.AssertSameBits(before, Ours(), "weights");
    }

    private static float[] Ours() => Forecasts.Weights(Forecasts.Fit(new MLContext(seed: 1), options => options.Backend = TorchSharpBackend.Default));

    /// <summary>The file of pretrained weights, which the trainer would load from the internet, with random ones.</summary>
    private static void WriteRandomEncoder(object trainer, TemporaryFolder folder)
    {
        const int Padding = 1, Symbols = 50_265;
        object options = trainer.GetType().GetField("BertOptions", All)!.GetValue(trainer)!;
        Type type = trainer.GetType().Assembly.GetType("Microsoft.ML.TorchSharp.NasBert.Models.ModelForPrediction", throwOnError: true)!;
        object model = type.GetConstructors(All).Single().Invoke([options, Padding, Symbols, 2]);
        var encoder = (torch.nn.Module)type.GetMethod("GetEncoder", All)!.Invoke(model, null)!;
        Directory.CreateDirectory(folder.File("mlnet"));
        encoder.save(folder.File(Path.Combine("mlnet", "NasBert2000000.tsm")));
    }
}
