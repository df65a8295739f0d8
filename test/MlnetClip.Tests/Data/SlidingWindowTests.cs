using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

/// <summary>The state of a window of three rows with one target and one past covariate, field by field.</summary>
[TestClass]
public sealed class SlidingWindowTests
{
    private static readonly WindowLayout Layout = new(3, 1, Past: 1);

    [TestMethod]
    public void AStateIsReadAsItWasWritten()
    {
        var window = new SlidingWindow(Layout, maximumGap: 2) { Time = new DateTime(2024, 5, 1) };
        foreach (double value in new[] { double.NaN, 1, 2, double.NaN, 4 }) window.Push([value], [10 * value], [], [], []);
        using var written = new MemoryStream();
        using (var writer = new BinaryWriter(written, System.Text.Encoding.UTF8, leaveOpen: true)) window.Save(writer);
        var read = new SlidingWindow(Layout, maximumGap: 2);
        written.Position = 0;
        read.Load(new BinaryReader(written));
        Assert.AreEqual(written.Length, written.Position);
        Assert.AreEqual(window.Time, read.Time);
        foreach (double value in new[] { double.NaN, double.NaN, double.NaN, 5 })
        {
            window.Push([value], [value], [], [], []);
            read.Push([value], [value], [], [], []);
            Assert.AreEqual(window.IsReady, read.IsReady);
            if (window.IsReady) Assert.AreSequenceEqual(Vector(window), Vector(read));
        }
    }

    [TestMethod]
    public void AStateThatCannotBeIsRefused()
    {
        Load(ticks: 0, age: 0, targets: 3, past: 3);
        Load(ticks: 0, age: 0, targets: 1, past: 3); // the target was first observed in the last row
        Refused("Time must be a time", ticks: DateTime.MaxValue.Ticks + 1);
        Refused("Time must be a time", ticks: -1);
        Refused("Age must be", age: -1);
        Refused("Age must be", age: long.MaxValue);
        Refused("Rows must be", targets: 4);
        Refused("Rows must be", targets: 3, past: 2); // covariates come with every row

        static void Refused(string message, long ticks = 0, long age = 0, int targets = 3, int past = 3) =>
            Assert.StartsWith(message, Assert.ThrowsExactly<InvalidDataException>(() => Load(ticks, age, targets, past)).Message);
    }

    private static double[] Vector(SlidingWindow window)
    {
        var vector = new double[Layout.Length];
        window.CopyTo(vector);
        return vector;
    }

    private static void Load(long ticks, long age, int targets, int past)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(ticks);
        writer.Write(age);
        foreach (int count in new[] { targets, past })
        {
            writer.Write(count);
            for (int i = 0; i < count; i++) writer.Write(1.0);
        }

        writer.Write(1.0);
        writer.Write(1.0);
        stream.Position = 0;
        new SlidingWindow(Layout, maximumGap: 2).Load(new BinaryReader(stream));
    }
}
