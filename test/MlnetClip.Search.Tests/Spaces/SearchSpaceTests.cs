using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Tests.Spaces;

[TestClass]
public sealed class SearchSpaceTests
{
    internal const string Tree =
        "rule=norm|value|agc; norm=log:0.01..100 when rule=norm; value=log:0.001..1 when rule=value; batch=16|32|64; dropout=linear:0..0.5";

    [TestMethod]
    [DataRow("threshold=log:0.01..100")]
    [DataRow("threshold=log:1E-05..0.1")]
    [DataRow(Tree)]
    public void TheTextFormRoundTrips(string text)
    {
        SearchSpace space = SearchSpace.Parse(text);

        Assert.AreEqual(text, space.ToString());
        Assert.AreEqual(space, SearchSpace.Parse(space.ToString()));
    }

    [TestMethod]
    public void OnlyParametersThatMatterHaveAValue()
    {
        SearchSpace space = SearchSpace.Parse(Tree);

        SearchPoint byNorm = space.FromUnits(_ => 0.0), byAgc = space.FromUnits(_ => 1);

        Assert.AreEqual("rule=norm; norm=0.01; batch=16; dropout=0", byNorm.ToString());
        Assert.AreEqual("rule=agc; batch=64; dropout=0.5", byAgc.ToString());
        Assert.IsNull(byAgc.Find("norm"));
        Assert.ThrowsExactly<KeyNotFoundException>(() => byAgc.Number("norm"));
    }

    [TestMethod]
    public void APointReadsBackFromItsText()
    {
        SearchSpace space = SearchSpace.Parse(Tree);
        for (double unit = 0; unit < 1; unit += 0.01)
        {
            SearchPoint point = space.FromUnits(_ => unit);
            Assert.AreEqual(point, space.Read(point.ToString()));
        }
    }

    [TestMethod]
    [DataRow("rule=norm; batch=16; dropout=0", "norm")]
    [DataRow("rule=value; norm=1; value=0.1; batch=16; dropout=0", "norm")]
    [DataRow("rule=zip; batch=16; dropout=0", "rule")]
    [DataRow("rule=agc; batch=16; dropout=0.6", "dropout")]
    [DataRow("rule=agc; batch=16; dropout=NaN", "dropout")]
    public void APointThatDoesNotFitIsRefused(string text, string named)
    {
        var error = Assert.ThrowsExactly<FormatException>(() => SearchSpace.Parse(Tree).Read(text));
        StringAssert.Contains(error.Message, named);
    }

    [TestMethod]
    public void LogarithmicMeansEqualRatios()
    {
        var parameter = new RealParameter("threshold", 0.01, 100);

        Assert.AreEqual(0.01, parameter.FromUnit(0).Number);
        Assert.AreEqual(1, parameter.FromUnit(0.5).Number, 1e-12);
        Assert.AreEqual(100, parameter.FromUnit(1).Number);
        Assert.AreEqual(0.75, parameter.ToUnit(10), 1e-12);
    }

    [TestMethod]
    public void ValuesHaveThreeDigitsAndStayInRange()
    {
        var parameter = new RealParameter("threshold", 0.0123456, 98.7654);
        for (double unit = 0; unit <= 1; unit += 0.001)
        {
            PointValue value = parameter.FromUnit(unit);
            Assert.IsTrue(value.Number >= parameter.Minimum && value.Number <= parameter.Maximum);
            Assert.IsLessThanOrEqualTo(3, value.Text.Replace("0.", "").Replace(".", "").TrimStart('0').Length, value.Text);
        }
    }

    [TestMethod]
    [DataRow("threshold=log:0..1")]
    [DataRow("threshold=log:1..1")]
    [DataRow("threshold=log:2..1")]
    [DataRow("threshold=log:1..Infinity")]
    [DataRow("threshold=linear:NaN..1")]
    [DataRow("rule=norm|norm")]
    [DataRow("rule=")]
    [DataRow("a=x|y; a=x|y")]
    [DataRow("norm=log:1..2 when rule=norm; rule=norm|value")]
    [DataRow("rule=norm|value; norm=log:1..2 when rule=agc")]
    [DataRow("")]
    public void AnIllegalSpaceIsRefused(string text) => Assert.ThrowsExactly<ArgumentException>(() => SearchSpace.Parse(text));

    [TestMethod]
    [DataRow("threshold")]
    [DataRow("threshold=log:1")]
    [DataRow("threshold=log:a..b")]
    public void ATextThatIsNoSpaceIsRefused(string text) => Assert.ThrowsExactly<FormatException>(() => SearchSpace.Parse(text));
}
