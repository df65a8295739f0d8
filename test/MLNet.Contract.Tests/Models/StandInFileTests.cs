#if MLNET_OFFLINE
using System.IO.Compression;
using System.Text;
using Microsoft.ML;

namespace MLNet.Contract.Tests.Models;

/// <summary>No part of the contract: a file of the stand-in's says what it is to whoever opens it.</summary>
[TestClass]
public sealed class StandInFileTests : IDisposable
{
    private const string WhatItIs = "the offline stand-in of Microsoft.ML";
    private readonly ZipArchive _zip;

    public StandInFileTests()
    {
        var stream = new MemoryStream();
        new MLContext().Model.Save(new Microsoft.ML.Data.TransformerChain<ITransformer>(), null, stream);
        _zip = new ZipArchive(stream);
    }

    public void Dispose() => _zip.Dispose();

    private byte[] Entry(string name)
    {
        using Stream stream = _zip.GetEntry(name)!.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [TestMethod]
    public void The_archive_the_version_and_each_model_entry_say_it()
    {
        Assert.Contains(WhatItIs, _zip.Comment);
        Assert.Contains(WhatItIs, Encoding.UTF8.GetString(Entry("TrainingInfo/Version.txt")));
        Assert.Contains(WhatItIs, Encoding.UTF8.GetString(Entry("TransformerChain/Model.key")));
    }

    [TestMethod]
    public void Microsoft_ML_meets_an_entry_of_its_own_form_that_names_it_as_the_assembly_to_load()
    {
        byte[] entry = Entry("Model.key");
        Assert.AreEqual("ML\0MODEL", Encoding.ASCII.GetString(entry, 0, 8));
        int start = (int)BitConverter.ToInt64(entry, 0x90), length = BitConverter.ToInt32(entry, 0x98);
        Assert.Contains(WhatItIs, Encoding.Unicode.GetString(entry, start, length));
        Assert.AreEqual(BitConverter.ToInt64(entry, 0x80), start + length);
        Assert.AreEqual("LEDOM\0LM", Encoding.ASCII.GetString(entry, start + length, 8));
        Assert.HasCount((int)BitConverter.ToInt64(entry, 0x88), entry);
    }
}
#endif
