using System.Text.Json;
using MlnetClip.Clipping;
using MlnetClip.Settings;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Text forms: what they mean, that they round-trip, and where errors point.</summary>
[TestClass]
public sealed class GradientClippingTextTests
{
    public static IEnumerable<object[]> Forms =>
    [
        ["none", GradientClipping.None],
        ["value:0.5", GradientClipping.ByValue(0.5f)],
        ["value:-0.1,0.5", GradientClipping.ByValue(-0.1, 0.5)],
        ["value:5,units=sum-over-batch", GradientClipping.ByValue(5, ThresholdUnits.SumOverBatch)],
        ["norm:1", GradientClipping.ByGlobalNorm(1.0f)],
        ["norm:0.1", GradientClipping.ByGlobalNorm(0.1)],
        ["norm:0.1", GradientClipping.ByGlobalNorm(0.1f)],
        ["norm:1e20", GradientClipping.ByGlobalNorm(1e20)],
        ["norm:1e-20,p=1", GradientClipping.ByGlobalNorm(1e-20, 1)],
        ["norm:1,p=inf", GradientClipping.ByGlobalNorm(1, double.PositiveInfinity)],
        ["norm:5,units=sum-over-steps", GradientClipping.ByGlobalNorm(5, units: ThresholdUnits.SumOverSteps)],
        ["norm:5,p=3,units=per-sample", GradientClipping.ByGlobalNorm(5, 3, ThresholdUnits.PerSample)],
        ["norm-layer:2", GradientClipping.ByNormPerLayer(2)],
        ["norm-tensor:2,p=1.5", GradientClipping.ByNormPerTensor(2, 1.5)],
        ["norm-gate:2", GradientClipping.ByNormPerGate(2)],
        ["norm:5..1/1000steps", GradientClipping.ByGlobalNorm(Schedule.Linear(5, 1, steps: 1000))],
        ["norm:5..0.1/20epochs/cosine", GradientClipping.ByGlobalNorm(Schedule.Cosine(5, 0.1, epochs: 20))],
        ["norm-layer:2xmean/200steps", GradientClipping.ByNormPerLayer(Schedule.FromCalibration(2, 200))],
        ["value:1..0.5/10epochs", GradientClipping.ByValue(Schedule.Linear(1, 0.5, epochs: 10))],
        ["value:0.5xmean/200steps", GradientClipping.ByValue(Schedule.FromCalibration(0.5, 200))],
        ["inside:1..0.1/9steps", GradientClipping.InsideBackpropagation(Schedule.Linear(1, 0.1, steps: 9))],
        ["inside-norm:1..0.1/9epochs/cosine", GradientClipping.InsideBackpropagation(Schedule.Cosine(1, 0.1, epochs: 9), byNorm: true)],
        ["agc:0.01", GradientClipping.AdaptiveByUnit()],
        ["agc:0.02,eps=0.01,head=true", GradientClipping.AdaptiveByUnit(0.02, 0.01, includeHead: true)],
        ["autoclip:10", GradientClipping.ByPercentile()],
        ["autoclip:25,history=50", GradientClipping.ByPercentile(25, 50)],
        ["zclip:2.5", GradientClipping.ByZScore()],
        ["zclip:3,alpha=0.9,warmup=50,ceiling=10,skip=true", GradientClipping.ByZScore(3, 0.9, 50, 10, skipSpikes: true)],
        ["adagc:1.05,0.98", GradientClipping.AdaptiveByTensor()],
        ["adagc:1.1,0.9,warmup=50,max=5", GradientClipping.AdaptiveByTensor(1.1, 0.9, 50, 5)],
        ["skip-spike:6", GradientClipping.SkipSpikes()],
        ["skip-spike:4,window=64", GradientClipping.SkipSpikes(4, 64)],
        ["stabilize:0.7,0.9", GradientClipping.Stabilize()],
        ["stabilize:0,0.5", GradientClipping.Stabilize(0, 0.5)],
        ["normalize", GradientClipping.Normalize()],
        ["inside:1", GradientClipping.InsideBackpropagation(1)],
        ["inside-norm:1", GradientClipping.InsideBackpropagation(1, byNorm: true)],
        ["truncate:35", GradientClipping.TruncatedBackpropagation(35)],
        ["inside:1+truncate:35+norm:1", GradientClipping.ByGlobalNorm(1).Then(GradientClipping.TruncatedBackpropagation(35)).Then(GradientClipping.InsideBackpropagation(1))],
        ["value:5+norm:1", GradientClipping.ByValue(5).Then(GradientClipping.ByGlobalNorm(1))],
        ["norm:1e20+value:5", GradientClipping.ByGlobalNorm(1e20).Then(GradientClipping.ByValue(5))],
        ["norm:1@recurrent", GradientClipping.ForParameters("recurrent", GradientClipping.ByGlobalNorm(1))],
        ["value:5@layer0+norm:1@layer0", GradientClipping.ForParameters(0, GradientClipping.ByValue(5).Then(GradientClipping.ByGlobalNorm(1)))],
        ["norm:1@*.weight_hh_l?@layer1", GradientClipping.ForParameters("layer1", GradientClipping.ForParameters("*.weight_hh_l?", GradientClipping.ByGlobalNorm(1)))],
    ];

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void PrintsAndReadsBack(string text, GradientClipping clipping)
    {
        Assert.AreEqual(text, clipping.ToString());
        GradientClipping read = GradientClipping.Parse(text);
        Assert.AreEqual(clipping, read);
        Assert.AreEqual(clipping.GetHashCode(), read.GetHashCode());
        Assert.AreEqual(text, read.ToString());
        Assert.AreEqual(text, JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(clipping)));
        Assert.AreEqual(clipping, JsonSerializer.Deserialize<GradientClipping>(JsonSerializer.Serialize(clipping)));
    }

    [TestMethod]
    public void DifferentSettingsDiffer()
    {
        GradientClipping[] all = [.. Forms.Select(f => (GradientClipping)f[1]).Distinct()];
        Assert.HasCount(Forms.Count() - 1, all); // norm:0.1 is there twice
    }

    [TestMethod]
    [DataRow("norm:1e+20+value:5", "norm:1e20+value:5")]
    [DataRow("norm:1E20", "norm:1e20")]
    [DataRow("norm:1.50", "norm:1.5")]
    [DataRow("value:-0.5,0.50", "value:-0.5,0.5")]
    [DataRow("agc", "agc:0.01")]
    [DataRow("autoclip+zclip", "autoclip:10+zclip:2.5")]
    [DataRow("adagc+skip-spike+stabilize", "adagc:1.05,0.98+skip-spike:6+stabilize:0.7,0.9")]
    [DataRow("adagc:max=1,warmup=100", "adagc:1.05,0.98")]
    [DataRow("skip-spike:6,window=128", "skip-spike:6")]
    [DataRow("zclip:warmup=50", "zclip:2.5,warmup=50")]
    [DataRow("norm:1,units=mean-loss,p=2", "norm:1")]
    [DataRow("norm:1+truncate:5", "truncate:5+norm:1")]
    public void PrintsTheShortestForm(string text, string shortest) => Assert.AreEqual(shortest, GradientClipping.Parse(text).ToString());

    [TestMethod]
    [DataRow("", 0, "a name is missing")]
    [DataRow("nrom:1", 0, "'nrom' is not known")]
    [DataRow("norm", 4, "maxNorm is missing")]
    [DataRow("norm:", 5, "maxNorm is missing")]
    [DataRow("norm:x", 5, "'x' is not a number")]
    [DataRow("norm:-1", 5, "maxNorm must be above 0, got -1")]
    [DataRow("norm:0", 5, "maxNorm must be above 0, got 0")]
    [DataRow("norm:nan", 5, "'nan' is not a number")]
    [DataRow("norm:inf", 5, "maxNorm must be above 0, got inf")]
    [DataRow("norm:1e300", 5, "maxNorm must be above 0, got 1e300, which is beyond the range of a float")]
    [DataRow("norm: 1", 5, "' 1' is not a number")]
    [DataRow("norm:1,5", 7, "'5' is one argument too many")]
    [DataRow("norm:1,q=2", 7, "'q' is not an option here")]
    [DataRow("norm:1,p=1,p=2", 11, "'p' is not an option here, or was given twice")]
    [DataRow("norm:1,p=0", 9, "normType must be above 0 or infinity, got 0")]
    [DataRow("norm:1,units=feet", 13, "units must be mean-loss or sum-over-steps")]
    [DataRow("value:1+norm:-1", 13, "maxNorm must be above 0")]
    [DataRow("value:1+", 8, "a name is missing")]
    [DataRow("+value:1", 0, "a name is missing")]
    [DataRow("value:1+none", 8, "'none' cannot be combined with other rules")]
    [DataRow("value:2,1", 8, "upper must be above lower, 2")]
    [DataRow("value:2,2", 8, "upper must be above lower, 2")]
    [DataRow("norm:5..1", 9, "the length is missing")]
    [DataRow("norm:5..1/1000", 10, "'1000' is not a length")]
    [DataRow("norm:5..-1/1000steps", 8, "maxNorm must be above 0, got -1")]
    [DataRow("norm:5..1/0steps", 10, "'0steps' is not a length")]
    [DataRow("norm:2xmean/3epochs", 12, "a measured schedule needs its length in steps")]
    [DataRow("norm:0xmean/3steps", 5, "factor must be above 0, got 0")]
    [DataRow("agc:2xmean/3steps", 4, "factor cannot be measured: only limits of norms and values can")]
    [DataRow("inside:2xmean/3steps", 7, "limit cannot be measured")]
    [DataRow("value:2xmean/3steps,units=sum-over-batch", 26, "cannot be converted")]
    [DataRow("norm:2xmean/3steps,units=per-sample", 25, "cannot be converted")]
    [DataRow("norm:1@", 7, "'' is not a group")]
    [DataRow("norm:1@a b", 7, "'a b' is not a group")]
    [DataRow("inside:1@head", 8, "cannot have a group")]
    [DataRow("inside:1+inside-norm:2", 9, "'inside' is given twice")]
    [DataRow("truncate:1+truncate:2", 11, "'truncate' is given twice")]
    [DataRow("autoclip:101", 9, "percentile must be from 0 to 100, got 101")]
    [DataRow("autoclip:10,history=1.5", 20, "history must be a whole number from 1 to 1000000, got 1.5")]
    [DataRow("zclip:2,alpha=1", 14, "alpha must be above 0 and below 1, got 1")]
    [DataRow("adagc:1.05,1", 11, "decay must be above 0 and below 1, got 1")]
    [DataRow("adagc:0", 6, "limit must be above 0, got 0")]
    [DataRow("skip-spike:6,window=1", 20, "window must be a whole number from 2 to 10000, got 1")]
    [DataRow("stabilize:0.7,1", 14, "squareDecay must be 0 or more and below 1, got 1")]
    [DataRow("zclip:2,skip=yes", 13, "skip must be true or false")]
    public void PointsAtTheOffendingCharacter(string text, int position, string problem)
    {
        var error = Assert.ThrowsExactly<SettingFormatException>(() => GradientClipping.Parse(text));
        Assert.AreEqual(position, error.Position, error.Message);
        Assert.Contains(problem, error.Message);
        string[] lines = error.Message.Split('\n');
        Assert.AreEqual("  " + text, lines[1]);
        Assert.AreEqual(new string(' ', position + 2) + "^", lines[2]);
        Assert.StartsWith("Legal form", lines[3]);
        Assert.IsFalse(GradientClipping.TryParse(text, out GradientClipping? clipping));
        Assert.IsNull(clipping);
        var inJson = Assert.ThrowsExactly<JsonException>(() => JsonSerializer.Deserialize<GradientClipping>(JsonSerializer.Serialize(text)));
        Assert.Contains(problem, inJson.Message);
    }

    [TestMethod]
    public void SuggestsTheNameThatWasMeant()
    {
        var error = Assert.ThrowsExactly<SettingFormatException>(() => GradientClipping.Parse("nrom:1"));
        Assert.EndsWith("Hint: did you mean 'norm'?", error.Message);
    }

    [TestMethod]
    public void ErrorsSayWhatTheFormsPlacesStandFor()
    {
        foreach (string text in (string[])["norm:x", "norm-gate:x", "value:x", "nrom:1"])
        {
            string message = Assert.ThrowsExactly<SettingFormatException>(() => GradientClipping.Parse(text)).Message;
            Assert.Contains("U is mean-loss, sum-over-steps, sum-over-batch, per-sample", message);
            Assert.Contains("2xmean/200steps", message);
        }
    }

    [TestMethod]
    public void TryParseTakesNull() => Assert.IsFalse(GradientClipping.TryParse(null, out _));

    [TestMethod]
    [DataRow("none")]
    [DataRow("norm")]
    [DataRow("Mine")]
    [DataRow("1st")]
    [DataRow("")]
    public void RefusesToRegisterATakenOrImpossibleName(string name) =>
        Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.RegisterRule(name, name, _ => throw new FormatException()));

    [TestMethod]
    public void PointsAtARegisteredRulesError()
    {
        GradientClipping.RegisterRule("refuses", "refuses:ALWAYS", text => throw new FormatException($"'{text}' will not do"));
        var error = Assert.ThrowsExactly<SettingFormatException>(() => GradientClipping.Parse("norm:1+refuses:a,b=c"));
        Assert.AreEqual(7, error.Position);
        Assert.Contains("'a,b=c' will not do", error.Message);
        Assert.Contains("Legal form: refuses:ALWAYS", error.Message);
    }

    [TestMethod]
    public void ThenKeepsTheOrderAndNoneChangesNothing()
    {
        GradientClipping value = GradientClipping.ByValue(1), norm = GradientClipping.ByGlobalNorm(1);
        Assert.AreNotEqual(value.Then(norm), norm.Then(value));
        Assert.AreEqual(value, value.Then(GradientClipping.None));
        Assert.AreEqual(value, GradientClipping.None.Then(value));
        Assert.HasCount(2, value.Then(norm).Rules);
    }

    [TestMethod]
    public void ThenRefusesTwoLimitsInsideTheBackwardPass()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.InsideBackpropagation(1).Then(GradientClipping.InsideBackpropagation(2, byNorm: true)));
        Assert.Contains("'inside' can be set once, got 'inside:1' and 'inside-norm:2'", error.Message);
    }
}
