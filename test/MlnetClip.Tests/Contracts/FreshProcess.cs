using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Contracts;

/// <summary>Transforms data in another process, which knows the model and the data from their files only: this assembly again, with one test.</summary>
[TestClass]
public sealed class FreshProcess
{
    private const string FolderVariable = "MLNETCLIP_TESTS_FRESH_PROCESS", Model = "model.zip", Data = "data.idv", Result = "result.txt";

    /// <summary>The rows of transformed data as texts, from a process of its own.</summary>
    public static string[] Transform(MLContext context, ITransformer model, IDataView data)
    {
        using var folder = new TemporaryFolder();
        context.Model.Save(model, data.Schema, folder.File(Model));
        using (FileStream stream = File.Create(folder.File(Data))) context.Data.SaveAsBinary(data, stream);
        ProcessOutcome outcome = ProcessRunner.RunAssembly(typeof(FreshProcess).Assembly.Location, ["--filter", $"FullyQualifiedName~{nameof(FreshProcess)}.{nameof(TheOtherProcess)}"], folder.Path, (FolderVariable, folder.Path));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Output + outcome.Error);
        return File.ReadAllLines(folder.File(Result));
    }

    /// <summary>Does nothing unless another process names the folder of the files.</summary>
    [TestMethod]
    public void TheOtherProcess()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder) return;
        var context = new MLContext();
        IDataView data = context.Data.LoadFromBinary(Path.Combine(folder, Data));
        File.WriteAllLines(Path.Combine(folder, Result), RowTexts.Of(context.Model.Load(Path.Combine(folder, Model), out _).Transform(data)));
    }
}
