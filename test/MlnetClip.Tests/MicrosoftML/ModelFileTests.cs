using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML;

namespace MlnetClip.Tests.MicrosoftML;

/// <summary>What a model file records about the assembly that loads it, and how loading reports errors.</summary>
[TestClass]
public sealed class ModelFileTests
{
    private const string Key = "TransformerChain/Model.key";
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void ModelKeyNamesTheLoaderAndTheWholeAssemblyName()
    {
        using var archive = new ZipArchive(new MemoryStream(Save()));
        using var key = new MemoryStream();
        using (Stream entry = archive.Entries.Single(IsKey).Open()) entry.CopyTo(key);

        string text = Encoding.Latin1.GetString(key.ToArray());
        Assert.Contains("LSTMFCST", text); // the signature of the model
        Assert.Contains("LstmForecasting\0", text); // the signature of the loader
        // The name includes the version, which is why the assembly version is fixed (docs/decisions/0001).
        Assert.Contains("MlnetClip, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null", Encoding.Unicode.GetString(key.ToArray()));
    }

    [TestMethod]
    public void AnEntryThatMicrosoftMLDoesNotKnowIsIgnored()
    {
        using var stream = new MemoryStream();
        stream.Write(Save());
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("mlnetclip.json").Open()) entry.Write("{}"u8);

        Assert.IsInstanceOfType<LstmForecastingTransformer>(new MLContext().Model.Load(stream, out _));
    }

    [TestMethod]
    public void AnErrorOfTheLoaderArrivesWrapped()
    {
        using var stream = new MemoryStream();
        stream.Write(Save());
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            archive.Entries.Single(entry => entry.Name == "Weights").Delete();

        var exception = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _));
        Assert.IsInstanceOfType<TargetInvocationException>(exception);
        Assert.IsInstanceOfType<InvalidDataException>(exception.GetBaseException());
    }

    private static bool IsKey(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/') == Key;

    private byte[] Save()
    {
        using var stream = new MemoryStream();
        _context.Model.Save(Forecasts.Fit(_context), null, stream);
        return stream.ToArray();
    }
}
