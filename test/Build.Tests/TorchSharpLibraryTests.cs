using System.Buffers.Binary;
using System.Text;

namespace MlnetClip.Build.Tests;

/// <summary>The change to TorchSharp's native library, on a small library made here.</summary>
[TestClass]
public sealed class TorchSharpLibraryTests
{
    private const int Texts = 0x40, Needs = 0x100, Sections = 0x200, FirstFlags = Needs + 16 + 4, SecondFlags = FirstFlags + 16;

    [TestMethod]
    public void OnlyTheRequirementOfGcc13IsMarkedWeak()
    {
        byte[] image = Library(), original = Library();

        Assert.IsTrue(TorchSharpLibrary.Relax(image));
        Assert.AreEqual(2, image[SecondFlags]);
        image[SecondFlags] = 0;
        CollectionAssert.AreEqual(original, image);
    }

    [TestMethod]
    public void AChangedLibraryIsLeftAlone()
    {
        byte[] image = Library();
        TorchSharpLibrary.Relax(image);

        Assert.IsFalse(TorchSharpLibrary.Relax(image));
    }

    [TestMethod]
    public void WhatIsNoLibraryIsLeftAlone() => Assert.IsFalse(TorchSharpLibrary.Relax(new byte[1000]));

    /// <summary>A header, a table of texts, one library with two versions, and the headers of the two sections.</summary>
    private static byte[] Library()
    {
        byte[] image = new byte[0x300];
        "\u007fELF\u0002"u8.CopyTo(image);
        Write64(0x28, Sections);
        Write16(0x3C, 2);
        Encoding.ASCII.GetBytes("\0libstdc++.so.6\0GLIBCXX_3.4\0GLIBCXX_3.4.32\0").CopyTo(image, Texts);
        Write16(Needs + 2, 2); // versions
        Write32(Needs + 4, 1); // the library's name
        Write32(Needs + 8, 16); // distance to the first version
        Write32(Needs + 16 + 8, 16);
        Write32(Needs + 16 + 12, 16); // distance to the second
        Write32(Needs + 32 + 8, 28);
        Write32(Sections + 4, 3); // a table of texts
        Write64(Sections + 24, Texts);
        Write32(Sections + 64 + 4, 0x6FFFFFFE);
        Write64(Sections + 64 + 24, Needs);
        Write32(Sections + 64 + 40, 0); // its texts are those of section 0
        return image;

        void Write16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), value);
        void Write32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), value);
        void Write64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(offset), value);
    }
}
