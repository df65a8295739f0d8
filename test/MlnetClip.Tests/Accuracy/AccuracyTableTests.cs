using MlnetClip.Accuracy;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Accuracy;

[TestClass]
public sealed class AccuracyTableTests
{
    [TestMethod]
    public void ErrorsCountPairsThatAllMethodsHave()
    {
        var series = new AccuracySeries("", [0, 0, 0, 0, 0, 0, 0, 0, 5, double.NaN], 1, 2, 2, [], [], [], "");
        Assert.AreEqual(8, series.Cut);
        double[,] zeros = new double[2, 2], other = { { double.NaN, 0 }, { 0, 0 } };
        Errors nothing = Errors.Of(series, [zeros])[0];
        Assert.AreEqual(0, nothing.Pairs, "row 9 is missing, and row 10 does not exist");

        series = series with { Values = [0, 0, 0, 0, 0, 0, 0, 1, 5, 7] };
        double[,] two = { { 4, 9 }, { 0, 0 } };
        Errors[] errors = Errors.Of(series, [two, zeros]);
        Assert.AreEqual(new Errors(3, 3, 1), errors[0]);
        Assert.AreEqual(new Errors(7, 7, 1), errors[1]);
        Assert.AreEqual(0, Errors.Of(series, [two, other])[0].Pairs);
    }

    [TestMethod]
    public void AFileIsMeasured()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "wave.csv");
        File.WriteAllLines(file, ["day,value", .. Enumerable.Range(0, 120).Select(i => FormattableString.Invariant($"{new DateTime(2020, 1, 1).AddDays(i):yyyy-MM-dd},{(i == 7 ? "" : Math.Sin(i * 0.7))}"))]);
        AccuracyOptions options = AccuracyOptions.Parse(
            ["--data", file, "--value", "value", "--time", "day", "--season", "9", "--window", "12", "--horizon", "3", "--seeds", "2", "--set", "NumberOfEpochs=1", "--set", "HiddenSize=2"]);
        AccuracySeries series = options.Series.Single();
        CollectionAssert.AreEqual(new[] { 7.0, 365.25 }, series.Periods, "week and year, in rows of a day");
        AccuracyTable.Line line = AccuracyTable.Measure([series], options).Single();
        Assert.AreEqual((120, 9, 12, 3), (line.Rows, line.Season, line.Window, line.Horizon));
        Assert.AreEqual(23 + 22 + 21, line.Pairs);
        Assert.AreEqual(line.OthersRmse.Values.Min(), line.OthersRmse[line.Best]);
        Assert.AreEqual(line.Rmse / line.OthersRmse[line.Best], line.Ratio, 1e-12);
        Assert.IsGreaterThan(0, line.Spread);
    }

    [TestMethod]
    public void TheFiguresOfOneSeedAreWritten()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("figures.json");
        AccuracyTable.Run(AccuracyOptions.Parse(["--series", "unemployment construction", "--seeds", "1", "--set", "NumberOfEpochs=1", "--json", json]), "a machine");
        Assert.Contains("\"spread\": \"NaN\"", File.ReadAllText(json));
    }

    [TestMethod]
    [DataRow("--value x", "is not an option before --data")]
    [DataRow("--data x", "needs --value")]
    [DataRow("--series nothing", "No series has 'nothing' in its name")]
    [DataRow("--seeds 0", "takes a whole number of 1 or more")]
    [DataRow("--json", "needs a value")]
    public void WrongArgumentsAreRefused(string arguments, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => AccuracyOptions.Parse(arguments.Split(' '))).Message, message);

    [TestMethod]
    public void TheShippedSeriesAreThere()
    {
        foreach (AccuracySeries series in AccuracySeries.Shipped)
        {
            Assert.IsGreaterThan(100, series.Values.Length);
            Assert.IsFalse(series.Values.All(double.IsNaN));
        }
    }
}
