using MlnetClip.Data;

namespace MlnetClip.Core.Tests.Data;

/// <summary>The sequences are part of the file format; the expected bits come from the published algorithms, worked elsewhere.</summary>
[TestClass]
public sealed class SeededRandomTests
{
    [TestMethod]
    [DataRow(0UL, 0x99ec5f36cb75f2b4UL, 0xbf6e1f784956452aUL, 0x1a5f849d4933e6e0UL, 0x6aa594f1262d2d2cUL)]
    [DataRow(1UL, 0xb3f2af6d0fc710c5UL, 0x853b559647364ceaUL, 0x92f89756082a4514UL, 0x642e1c7bc266a3a7UL)]
    [DataRow(ulong.MaxValue, 0x8f5520d52a7ead08UL, 0xc476a018caa1802dUL, 0x81de31c0d260469eUL, 0xbf658d7e065f3c2fUL)]
    public void TheSequenceOfASeedNeverChanges(ulong seed, ulong first, ulong second, ulong third, ulong fourth)
    {
        var random = new SeededRandom(seed);

        foreach (ulong expected in new[] { first, second, third, fourth }) Assert.AreEqual(expected, random.NextUInt64());
    }

    [TestMethod]
    public void DerivedSeedsNeverChange()
    {
        Assert.AreEqual(0xd55ccd4aeb3ccafbUL, SeededRandom.Derive(1, 2, 3, 4));
        Assert.AreEqual(0x2130748aaac80268UL, SeededRandom.Derive(0, 0));
    }

    [TestMethod]
    public void DerivedSeedsDiffer()
    {
        var seeds = new HashSet<ulong>();
        for (ulong seed = 0; seed < 4; seed++)
        {
            for (ulong i = 0; i < 10; i++)
            {
                for (ulong j = 0; j < 10; j++) Assert.IsTrue(seeds.Add(SeededRandom.Derive(seed, i, j)));
            }
        }
    }

    [TestMethod]
    public void FractionsFillZeroToOneEvenly()
    {
        var random = new SeededRandom(7);
        int[] singles = new int[10], doubles = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            singles[(int)(random.NextSingle() * 10)]++;
            doubles[(int)(random.NextDouble() * 10)]++;
        }

        // Five standard deviations of a count of 10,000.
        foreach (int count in singles.Concat(doubles)) Assert.IsInRange(10_000 - 475, 10_000 + 475, count);
    }

    [TestMethod]
    public void IntegersBelowABoundAreEquallyLikely()
    {
        var random = new SeededRandom(8);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) counts[random.NextInt32(7)]++;

        foreach (int count in counts) Assert.IsInRange(10_000 - 463, 10_000 + 463, count);
        Assert.AreEqual(0, random.NextInt32(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
    }

    [TestMethod]
    public void EveryOrderOfAShuffleIsEquallyLikely()
    {
        var random = new SeededRandom(9);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            int[] values = [0, 1, 2, 3];
            random.Shuffle(values);
            string order = string.Concat(values);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.HasCount(24, counts);
        foreach (int count in counts.Values) Assert.IsInRange(1000 - 155, 1000 + 155, count);
    }
}
