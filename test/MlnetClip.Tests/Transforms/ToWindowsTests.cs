using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Transforms;

/// <summary>Rows become sliding windows, while they are read.</summary>
[TestClass]
public sealed class ToWindowsTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Window
    {
        public float[] Features { get; set; } = [];

        public float Speed { get; set; }
    }

    private sealed class Ahead
    {
        public float[] Features { get; set; } = [];

        public float[] Speed { get; set; } = [];
    }

    [TestMethod]
    [DataRow(3, 1, "10,11,12>20 11,12,20>30 12,20,30>31 20,30,31>32 30,31,32>33")]
    [DataRow(3, 2, "10,11,12>20 12,20,30>31 30,31,32>33")]
    [DataRow(2, 5, "10,11>12 31,32>33")]
    [DataRow(7, 1, "10,11,12,20,30,31,32>33")]
    [DataRow(8, 1, "")]
    public void WindowsSlideByTheStrideAndTheNextValueIsTheLabel(int size, int stride, string expected)
    {
        Window[] found = Read<Window>(new() { FeatureColumnNames = ["Speed"], WindowSize = size, Stride = stride, LabelColumnName = "Speed" });
        Assert.AreEqual(expected, string.Join(' ', found.Select(row => $"{string.Join(',', row.Features)}>{row.Speed}")));
    }

    [TestMethod]
    public void OtherColumnsAreKeptByName()
    {
        var options = new ToWindowsEstimator.Options { FeatureColumnNames = ["Speed"], WindowSize = 2, GroupColumnName = "Id", KeptColumnNames = ["Mode", "Time"] };
        IDataView rows = Ride.View(_context), windows = _context.Transforms.ToWindows(options).Fit(rows).Transform(rows);
        Assert.AreEqual("walk bus bus bus walk", string.Join(' ', windows.GetColumn<string>("Mode")));
        Assert.AreEqual("2 3 2 3 4", string.Join(' ', windows.GetColumn<int>("Time")));
    }

    [TestMethod]
    public void NoWindowHasRowsOfTwoGroups()
    {
        Window[] found = Read<Window>(new() { FeatureColumnNames = ["Speed"], WindowSize = 2, Stride = 5, GroupColumnName = "Id", LabelColumnName = "Speed", Label = WindowLabel.Last });
        Assert.AreEqual("10,11>11 30,31>31", string.Join(' ', found.Select(row => $"{string.Join(',', row.Features)}>{row.Speed}")), "each group begins anew");
        Ride[] again = [.. Ride.Rows(), .. Ride.Rows()];
        Assert.Contains("group 'a' of column 'Id' occurs again at row 8 (from 0).", Assert.Throws<Exception>(
            () => Read<Window>(new() { FeatureColumnNames = ["Speed"], WindowSize = 2, GroupColumnName = "Id", LabelColumnName = "Speed" }, again)).GetBaseException().Message);
    }

    [TestMethod]
    public void SeveralValuesAheadAndOneForEveryRow()
    {
        Ahead[] ahead = Read<Ahead>(new() { FeatureColumnNames = ["Speed", "Place"], WindowSize = 2, Horizon = 3, Stride = 3, LabelColumnName = "Speed" });
        Assert.AreEqual("12,20,30 31,32,33", string.Join(' ', ahead.Select(row => string.Join(',', row.Speed))));
        Assert.AreSequenceEqual(new float[] { 10, 110, 210, 11, 111, 211 }, ahead[0].Features);
        Ahead[] every = Read<Ahead>(new() { FeatureColumnNames = ["Speed"], WindowSize = 4, Stride = 4, LabelColumnName = "Speed", Label = WindowLabel.EveryStep });
        Assert.AreEqual("10,11,12,20 30,31,32,33", string.Join(' ', every.Select(row => string.Join(',', row.Speed))));
    }

    [TestMethod]
    public void WindowsHaveAKnownSizeAndLabelsKeepTheirKeys()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Key", "Mode").Fit(Ride.View(_context)).Transform(Ride.View(_context));
        DataViewSchema schema = _context.Transforms.ToWindows("Features", ["Speed", "Place"], 4, labelColumnName: "Key", label: WindowLabel.EveryStep).Fit(data).GetOutputSchema(data.Schema);
        Assert.AreEqual("Features: Vector<Single, 12>, Key: Vector<Key<UInt32, 0-1>, 4>", string.Join(", ", schema.Select(column => $"{column.Name}: {column.Type}")));
        VBuffer<ReadOnlyMemory<char>> keys = default;
        schema["Key"].GetKeyValues(ref keys);
        Assert.AreEqual("walk bus", string.Join(' ', keys.DenseValues()));
    }

    [TestMethod]
    public void AWindowPredictsTheNextValue()
    {
        Ride[] wave = [.. Enumerable.Range(0, 400).Select(t => new Ride { Speed = (float)(50 + (10 * Math.Sin(t * 0.3)) + (5 * Math.Sin(t * 0.11))) })];
        IDataView train = Ride.View(_context, wave[..300]), test = Ride.View(_context, wave[300..]);
        var model = _context.Transforms.ToWindows("Features", ["Speed"], 20, labelColumnName: "Speed")
            .Append(_context.Regression.Trainers.Lstm("Speed", hiddenSize: 16, numberOfEpochs: 20, learningRate: 0.01f)).Fit(train);
        Assert.IsGreaterThan(0.95, _context.Regression.Evaluate(model.Transform(test), "Speed").RSquared);
    }

    [TestMethod]
    public void AWindowThatNoArrayHoldsIsRefused()
    {
        IDataView data = _context.Transforms.Concatenate("Wide", [.. Enumerable.Repeat("Place", 1500)]).Fit(Ride.View(_context)).Transform(Ride.View(_context));
        Assert.Contains(
            "WindowSize must make windows of at most 2147483591 values, but 1000000 rows of 3000 have 3000000000.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.ToWindows("Features", ["Wide"], 1_000_000).Fit(data)).Message);
    }

    [TestMethod]
    public void IllegalOptionsAreReportedTogether()
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.ToWindows(new ToWindowsEstimator.Options { Stride = 0, Horizon = 0, Label = (WindowLabel)7, LabelColumnName = "Features" })).Message;
        foreach (string part in new[] { "FeatureColumnNames must be", "WindowSize must be from 1 to 1048576, but was 0", "Stride must be 1 or more", "Horizon must be from 1 to 1048576", "Label must be Last, After or EveryStep", "OutputColumnName must not be that of LabelColumnName" })
            Assert.Contains(part, message);
    }

    private T[] Read<T>(ToWindowsEstimator.Options options, IEnumerable<Ride>? rows = null)
        where T : class, new()
    {
        IDataView data = Ride.View(_context, rows);
        return [.. _context.Data.CreateEnumerable<T>(_context.Transforms.ToWindows(options).Fit(data).Transform(data), reuseRowObject: false)];
    }
}
