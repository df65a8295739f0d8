using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Models;

[TestClass]
public sealed class ModelFileTests
{
    [TestMethod]
    public void AModelSavedWithoutTheToolIsAskedAbout()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("stock.zip");
        var mlContext = new MLContext();
        ITransformer loaded = mlContext.Model.Load(TrainedModel.Model, out DataViewSchema schema);
        mlContext.Model.Save(loaded, schema, model);

        ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data).IsRefused("--target must name the column", "stores none");
        ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data, "--value", "level").IsRefused("--from must name the first row", "--from 160");
        string metrics = ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data, "--value", "level", "--from", "160", "--season", "12", "--json")
            .Succeeds().Json.GetProperty("metrics").GetRawText();
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("metrics").GetRawText(), metrics);
        StringAssert.Contains(ToolRun.Of("inspect", model).Succeeds().Output, "nothing: it was not saved by mlnetclip");
    }

    [TestMethod]
    public void TheStockLoaderReadsTheToolsFiles() =>
        Assert.IsInstanceOfType<LstmForecastingTransformer>(new MLContext().Model.Load(TrainedModel.Model, out _));

    [TestMethod]
    public void WhatIsNoModelIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.zip");
        File.WriteAllText(path, "not a zip");
        ToolRun.Of("inspect", path).IsRefused("is not a model file, or it is damaged");
        File.WriteAllBytes(path, []);
        ToolRun.Of("inspect", path).IsRefused("is not a model file, or it is damaged");
        File.WriteAllBytes(path, File.ReadAllBytes(TrainedModel.Model)[..^100]);
        ToolRun.Of("inspect", path).IsRefused("is not a model file, or it is damaged");
        using (ZipArchive archive = ZipFile.Open(folder.File("other.zip"), ZipArchiveMode.Create)) archive.CreateEntry("other");
        ToolRun.Of("inspect", folder.File("other.zip")).IsRefused("cannot be loaded");
        ToolRun.Of("inspect", folder.File("none.zip")).IsRefused("There is no model", "Hint: train one with mlnetclip train");
        ToolRun.Of("inspect", folder.Path).IsRefused("is a folder");
    }

    [TestMethod]
    public void ADamagedEntryIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "TransformerChain/Weights", bytes =>
        {
            bytes[bytes.Length / 2] ^= 0x55;
            return bytes;
        });
        ToolRun.Of("inspect", path).IsRefused($"The model '{path}' cannot be loaded", "Hint: ");
    }

    [TestMethod]
    public void ANewerMemoryIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "mlnetclip.json", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"format\": 2", "\"format\": 3", StringComparison.Ordinal)));
        ToolRun.Of("inspect", path).IsRefused("has format 3, but this version of mlnetclip reads up to 2.");
        path = Replace(folder, "mlnetclip.json", _ => [(byte)'{']);
        ToolRun.Of("inspect", path).IsRefused("mlnetclip.json", "is damaged");
    }

    [TestMethod]
    [DataRow("\"cut\": 160", "\"cut\": -1", "cut must be 0 or more")]
    [DataRow("\"season\": 12", "\"season\": 0", "season must be 1 or more")]
    [DataRow("\"value\": \"level\"", "\"value\": null", "")]
    [DataRow("\"holdout\": 0.2", "\"holdout\": 7", "holdout must be 0 or more and below 1")]
    [DataRow("\"format\": 2", "\"format\": -1", "format must be 1 or more")]
    public void MetadataOutsideItsRangeIsRefused(string written, string changed, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "mlnetclip.json", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(written, changed, StringComparison.Ordinal)));
        ToolRun.Of("inspect", path).IsRefused($"The entry mlnetclip.json of '{path}' is damaged: ", problem);
    }

    /// <summary>Every member of mlnetclip.json, with values of every type and beyond every range.</summary>
    [TestMethod]
    public void NoValueOfAMemberOfTheMetadataDoesHarm()
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(TrainedModel.Model);
        string metadata = Encoding.UTF8.GetString(Content(good, "mlnetclip.json")), path = folder.File("model.zip");
        string[] members = [.. JsonDocument.Parse(metadata).RootElement.EnumerateObject().Select(member => member.Name)];
        CollectionAssert.IsSubsetOf(new[] { "format", "value", "time", "time_format", "time_zone", "delimiter", "encoding", "decimal_comma", "season", "holdout", "cut", "rows", "fingerprint" }, members);
        string[] values =
        [
            "null", "true", "-1", "0", "1", "161", "2147483647", "2147483648", "1e400", "0.5", "\"\"", "\"x\"", "\"%\"", "\"yyyy\"", "\"\\u0000\"", "\"\\ud800\"",
            "\"a\\u001b[2J\\nerror: b\"", "\"utf-16\"", "\"utf-7\"", "\";\"", "\"level\"", "[]", "{}", $"\"{new string('9', 5000)}\"",
        ];
        string[] commands = ["inspect", "predict", "evaluate"];
        var nameless = new List<string>();
        int next = 0;
        foreach (string member in members)
        {
            foreach (string value in values)
            {
                string changed = Regex.Replace(metadata, $"\"{member}\": (\"[^\"]*\"|[^,\\n]*)", $"\"{member}\": {value.Replace("$", "$$", StringComparison.Ordinal)}");
                File.WriteAllBytes(path, With(good, "mlnetclip.json", Encoding.UTF8.GetBytes(changed)));
                string command = commands[next++ % commands.Length];
                ToolRun run = Run(command, path);
                string what = $"{command} with {member} {value}: {run.Error}";
                Assert.IsTrue(run.ExitCode is ExitCode.Success or ExitCode.WrongInput, what);
                Assert.DoesNotContain("   at ", run.Error, what);
                Assert.DoesNotContain("\u001b", run.Error + run.Output, what);
                if (run.ExitCode == ExitCode.WrongInput && !run.Error.Contains(path, StringComparison.Ordinal) && !run.Error.Contains(TrainedModel.Data, StringComparison.Ordinal)) nameless.Add(what);
            }
        }

        Assert.IsEmpty(nameless, $"They do not name a file:\n{string.Join('\n', nameless)}");
    }

    [TestMethod]
    public void TextFromTheFileIsShownInOneLine()
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "mlnetclip.json", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"level\"", "\"le\\u001b]0;title\\nerror: vel\"", StringComparison.Ordinal)));
        string output = ToolRun.Of("inspect", path).Succeeds().Output;
        Assert.DoesNotContain("\u001b", output);
        StringAssert.Contains(output, @"le\u001b]0;title\nerror: vel");
    }

    [TestMethod]
    public void AFileThatUnpacksToFarMoreThanItsSizeIsRefusedBeforeItIsUnpacked()
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "TransformerChain/Weights", bytes => bytes);
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            using Stream entry = archive.CreateEntry("TransformerChain/Zeros", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) entry.Write(zeros);
        }

        Assert.IsLessThan(1 << 20, new FileInfo(path).Length);
        foreach (string command in new[] { "inspect", "predict", "evaluate" })
            Run(command, path).IsRefused($"The model '{path}' cannot be loaded: ", "unpacks to more than");
    }

    [TestMethod]
    public void AFieldThatCannotBeRightIsNamedWithItsFile()
    {
        using var folder = new TemporaryFolder();
        string path = Replace(folder, "TransformerChain/Weights", entry =>
            Mutator.SealJson(entry, json => json.Replace("\"HiddenSize\":4", "\"HiddenSize\":2147483647", StringComparison.Ordinal)));
        foreach (string command in new[] { "inspect", "predict", "evaluate" })
        {
            ToolRun run = Run(command, path).IsRefused(
                $"error: The model '{path}' cannot be loaded: Entry 'TransformerChain/Weights': The forecasting model is damaged: ModelSpec: ", "Hint: copy the file again");
            Assert.HasCount(2, run.Error.TrimEnd().Split(Environment.NewLine));
        }
    }

    [TestMethod]
    public void NoMutationOfAFileDoesHarm()
    {
        using var folder = new TemporaryFolder();
        var mutator = new Mutator(seed: 9);
        byte[] good = File.ReadAllBytes(TrainedModel.Model);
        byte[] entry = Content(good, "TransformerChain/Weights");
        string metadata = Encoding.UTF8.GetString(Content(good, "mlnetclip.json")), path = folder.File("model.zip");
        string[] commands = ["inspect", "predict", "evaluate"];
        int next = 0;
        MutationRun.Check("Model files, given to the tool", MutationRun.Count(0.1), () => (next % 3) switch
        {
            0 => mutator.Bytes(good),
            1 => With(good, "TransformerChain/Weights", mutator.EntryWithJson(entry)),
            _ => With(good, "mlnetclip.json", Encoding.UTF8.GetBytes(mutator.Json(metadata))),
        }, file =>
        {
            File.WriteAllBytes(path, file);
            ToolRun run = Run(commands[next++ / 3 % 3], path);
            Assert.IsTrue(run.ExitCode is ExitCode.Success or ExitCode.WrongInput, run.Error);
            Assert.DoesNotContain("   at ", run.Error);
            return run.ExitCode == ExitCode.Success;
        });
    }

    private static ToolRun Run(string command, string path) =>
        command == "inspect" ? ToolRun.Of(command, path) : ToolRun.Of(command, "--model", path, "--data", TrainedModel.Data);

    private static byte[] Content(byte[] file, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        using var content = new MemoryStream();
        using (Stream entry = archive.GetEntry(name)!.Open()) entry.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] With(byte[] file, string name, byte[] content)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry(name)!.Delete();
            using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }

        return stream.ToArray();
    }

    private static string Replace(TemporaryFolder folder, string name, Func<byte[], byte[]> change)
    {
        string path = folder.File(Guid.NewGuid().ToString("N"));
        File.Copy(TrainedModel.Model, path);
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = archive.GetEntry(name)!;
        using var content = new MemoryStream();
        using (Stream stream = entry.Open()) stream.CopyTo(content);
        entry.Delete();
        using Stream changed = archive.CreateEntry(name).Open();
        changed.Write(change(content.ToArray()));
        return path;
    }
}
