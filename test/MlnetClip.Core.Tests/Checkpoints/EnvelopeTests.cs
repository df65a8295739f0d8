using MlnetClip.Checkpoints;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>The wrapping of binary entries: what was written is read back, and nothing else is.</summary>
[TestClass]
public sealed class EnvelopeTests
{
    private const int Header = 20, Payload = 4 + (5 * 4), Checksum = 32;
    private static readonly float[] Values = [0f, -1.5f, float.Epsilon, float.MaxValue, 3.25f];
    private static readonly Envelope Current = new("TESTDATA", version: 2, "test entry");

    [TestMethod]
    public void ReadsWhatItWrote() => CollectionAssert.AreEqual(Values, Read(Written()));

    [TestMethod]
    public void LaysTheEntryOutAsDocumented()
    {
        byte[] bytes = Written();

        Assert.HasCount(Header + Payload + Checksum, bytes);
        Assert.AreEqual("TESTDATA", System.Text.Encoding.ASCII.GetString(bytes, 0, 8));
        Assert.AreEqual(2, BitConverter.ToInt32(bytes, 8));
        Assert.AreEqual(Payload, BitConverter.ToInt64(bytes, 12));
    }

    [TestMethod]
    public void StopsAtTheEndOfTheEntry()
    {
        using var stream = new MemoryStream([.. Written(), 1, 2, 3]);

        Current.Read(stream, ReadValues);

        Assert.AreEqual(Header + Payload + Checksum, stream.Position);
    }

    [TestMethod]
    public void FindsAnyDamagedByte()
    {
        byte[] good = Written();
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] bad = [.. good];
                bad[i] ^= mask;
                Assert.Throws<InvalidDataException>(() => Read(bad), $"Byte {i} was changed by {mask:X2}.");
            }
        }
    }

    [TestMethod]
    public void FindsAnyTruncation()
    {
        byte[] good = Written();
        for (int length = 0; length < good.Length; length++)
        {
            int kept = length;
            var error = Assert.Throws<InvalidDataException>(() => Read(good[..kept]), $"Cut to {length} bytes.");
            StringAssert.Contains(error.Message, "The test entry is damaged: ");
            StringAssert.Contains(error.Message, $"{Environment.NewLine}Hint: ");
        }
    }

    [TestMethod]
    public void SaysThatAnEntryIsNewer()
    {
        byte[] newer = Written(new Envelope("TESTDATA", version: 3, "test entry"));

        var error = Assert.Throws<InvalidDataException>(() => Read(newer));

        StringAssert.Contains(error.Message, "has format version 3; this MlnetClip reads up to version 2.");
        StringAssert.Contains(error.Message, $"{Environment.NewLine}Hint: ");
    }

    [TestMethod]
    public void GivesTheReaderAnOlderVersion()
    {
        using var stream = new MemoryStream(Written(new Envelope("TESTDATA", version: 1, "test entry")));

        int version = Current.Read(stream, (reader, found) =>
        {
            ReadValues(reader, found);
            return found;
        });

        Assert.AreEqual(1, version);
    }

    [TestMethod]
    public void SaysWhatAnEntryOfAnotherKindBeginsWith()
    {
        byte[] other = Written(new Envelope("PK\u0003\u0004OTHR", version: 1, "an archive"));

        var error = Assert.Throws<InvalidDataException>(() => Read(other));

        Assert.AreEqual("This is not a test entry of MlnetClip: it begins with 'PK..OTHR' instead of 'TESTDATA'.", error.Message);
    }

    [TestMethod]
    public void RefusesAPayloadThatIsNotReadToItsEnd()
    {
        using var stream = new MemoryStream(Written());

        var error = Assert.Throws<InvalidDataException>(() => Current.Read(stream, (reader, _) => reader.ReadInt32()));

        StringAssert.Contains(error.Message, "20 bytes are left over");
    }

    [TestMethod]
    public void AFailingWriterLeavesTheStreamAsItWas()
    {
        using var stream = new MemoryStream();

        Assert.Throws<NotSupportedException>(() => Current.Write(stream, writer =>
        {
            writer.Write(1);
            throw new NotSupportedException();
        }));

        Assert.AreEqual(0, stream.Length);
    }

    private static byte[] Written(Envelope? envelope = null)
    {
        using var stream = new MemoryStream();
        (envelope ?? Current).Write(stream, writer => FloatBlock.Write(writer, Values));
        return stream.ToArray();
    }

    private static float[] Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Current.Read(stream, ReadValues);
    }

    private static float[] ReadValues(BinaryReader reader, int version)
    {
        var values = new float[Values.Length];
        FloatBlock.Read(reader, values, "test");
        return values;
    }
}
