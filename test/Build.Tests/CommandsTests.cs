using System.Xml.Linq;

namespace MlnetClip.Build.Tests;

[TestClass]
public sealed class CommandsTests
{
    [TestMethod]
    [DataRow(0, "--help")]
    [DataRow(2)]
    [DataRow(2, "tset")]
    [DataRow(2, "test", "--filter", "X")]
    public void WrongArgumentsEndWithExitCode2(int expected, params string[] arguments) => Assert.AreEqual(expected, Commands.Run(arguments));

    [TestMethod]
    public void ArgumentsAreSplitAtTheFirstDashes()
    {
        (string[] own, string[] passed) = Commands.Split(["--json", "out.json", "--", "--filter", "--", "x"]);
        CollectionAssert.AreEqual(new[] { "--json", "out.json" }, own);
        CollectionAssert.AreEqual(new[] { "--filter", "--", "x" }, passed);

        (own, passed) = Commands.Split(["--json"]);
        CollectionAssert.AreEqual(new[] { "--json" }, own);
        Assert.IsEmpty(passed);
    }

    [TestMethod]
    public void EveryTestOfAReportIsCountedOnce()
    {
        var report = XElement.Parse(
            """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><ResultSummary>
              <Counters total="12" executed="9" passed="5" failed="1" error="1" timeout="1" aborted="1" inconclusive="0" notExecuted="3" />
            </ResultSummary></TestRun>
            """);
        Assert.AreEqual("5 passed, 4 failed, 3 skipped", TestRun.Read(report).ToString());
    }
}
