using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Tests;

/// <summary>Reports carry the part of Plotly's script that they need.</summary>
[TestClass]
public sealed class PlotlyScriptTests
{
    [TestMethod]
    public void TheScriptHasWhatReportsDrawAndLittleElse()
    {
        string whole = PageScript.WholePlotly, part = PageScript.Plotly;

        Assert.IsGreaterThan(3_000_000, whole.Length);
        Assert.IsLessThan(1_000_000, part.Length, "Plotly.NET carries another version of Plotly's script. See PlotlyScript.");
        StringAssert.StartsWith(part, whole[..whole.IndexOf("*/", StringComparison.Ordinal)], "the copyright notice stays");
        foreach (string kind in new[] { "scatter", "bar", "heatmap" }) StringAssert.Contains(part, $"moduleType:\"trace\",name:\"{kind}\"");
        foreach (string kind in new[] { "scatter3d", "choropleth", "pie" }) Assert.DoesNotContain($"name:\"{kind}\"", part);
    }

    [TestMethod]
    public void AScriptOfAnotherVersionOrFormStaysWhole()
    {
        string whole = PageScript.WholePlotly;
        foreach (string other in new[]
        {
            "", "alert(1)", whole.Replace("v2.28.0", "v9.1.0", StringComparison.Ordinal), whole[..2_000_000], whole.Replace(".register([", ".enlist([", StringComparison.Ordinal),
            whole.Replace("name:\"heatmap\"", "name:\"warmth\"", StringComparison.Ordinal),
        })
            Assert.AreEqual(other.Length, PlotlyScript.Shorten(other).Length);
    }

    [TestMethod]
    [DataRow("function(t){return t/2},7:", 23)]
    [DataRow("\"},\\\"{\"}", 7)]
    [DataRow("/[/}]{2}\\//g.test(x),7", 20)]
    [DataRow("a?/}/:b/2/c}", 11)]
    [DataRow("function(){return/}/}}", 21)]
    [DataRow("[a++/2,b--/2]}", 13)]
    [DataRow("/*},*/[1,{a:2}]}", 15)]
    [DataRow("`}`+'}'+b(1,2)]", 14)]
    [DataRow("{a:1", -1)]
    [DataRow("\"open", -1)]
    public void AnExpressionEndsBehindItsStringsAndBrackets(string text, int end) => Assert.AreEqual(end, ScriptScanner.EndOfExpression(text, 0));
}
