using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Search.Studies;

namespace MlnetClip.Search.Tests.Studies;

[TestClass]
public sealed class ViewHashTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void EveryValueCounts()
    {
        string hash = Hash(_ => { });
        Assert.AreEqual(hash, Hash(_ => { }));
        Action<Row>[] changes =
        [
            row => row.Number = 2, row => row.Exact = 2, row => row.Text = "ab", row => row.Flag = false, row => row.Time = row.Time.AddTicks(1),
            row => row.Zoned = row.Zoned.ToOffset(TimeSpan.FromHours(1)), row => row.Vector = [1, 3], row => row.Vector = [1, 2, 0], row => row.Texts = ["a", "bc"],
        ];
        string[] hashes = [hash, .. changes.Select(Hash)];
        Assert.HasCount(hashes.Length, hashes.Distinct());
    }

    private string Hash(Action<Row> change)
    {
        var row = new Row();
        change(row);
        return ViewHash.Of(_mlContext.Data.LoadFromEnumerable([new Row(), row]));
    }

    private sealed class Row
    {
        public float Number { get; set; } = 1;

        public double Exact { get; set; } = 1;

        public string Text { get; set; } = "a";

        public bool Flag { get; set; } = true;

        public DateTime Time { get; set; } = new(2020, 1, 1);

        public DateTimeOffset Zoned { get; set; } = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public float[] Vector { get; set; } = [1, 2];

        public string[] Texts { get; set; } = ["ab", "c"];
    }
}
