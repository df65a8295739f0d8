using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Every setting that the page on clipping shows is one that can be read, and every rule stands on the page.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "clipping.md"));

    [TestMethod]
    public void EverySettingOnThePageCanBeRead()
    {
        string[] settings = [.. Settings().Matches(Page).Select(m => m.Groups[1].Value).Distinct()];
        Assert.IsGreaterThan(20, settings.Length);
        foreach (string setting in settings)
            Assert.IsTrue(GradientClipping.TryParse(setting, out _) || NonFinitePolicy.TryParse(setting, out _), setting);
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("value")]
    [DataRow("norm")]
    [DataRow("norm-layer")]
    [DataRow("norm-tensor")]
    [DataRow("norm-gate")]
    [DataRow("agc")]
    [DataRow("autoclip")]
    [DataRow("zclip")]
    [DataRow("adagc")]
    [DataRow("skip-spike")]
    [DataRow("stabilize")]
    [DataRow("normalize")]
    [DataRow("inside")]
    [DataRow("inside-norm")]
    [DataRow("truncate")]
    public void EveryRuleIsOnThePage(string rule) => Assert.IsTrue(Regex.IsMatch(Page, $"`{rule}[:`]"), rule);

    /// <summary>Code spans that look like settings: a name, and a colon behind which something follows.</summary>
    [GeneratedRegex("`((?:none|normalize|throw|[a-z-]+:[^ `]+))`")]
    private static partial Regex Settings();
}
