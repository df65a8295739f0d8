using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests.Output;

/// <summary>Text from files neither moves the cursor nor passes for a message of the tool.</summary>
[TestClass]
public sealed class SafeTextTests
{
    [TestMethod]
    [DataRow("Größe 한글 🙂", "Größe 한글 🙂")]
    [DataRow("\u001b[2J\u009b31m\b\0", @"\u001b[2J\u009b31m\u0008\u0000")]
    [DataRow("a\nb\r\tc", @"a\nb\r\tc")]
    [DataRow("\u202egnp.exe\u2066\u2028", @"\u202egnp.exe\u2066\u2028")]
    public void ControlCharactersAreEscaped(string text, string expected) => Assert.AreEqual(expected, SafeText.Of(text));

    [TestMethod]
    public void AMessageIsOneMessage()
    {
        using var error = new StringWriter { NewLine = "\n" };
        new Terminal(TextWriter.Null, error).Fail("first\r\nerror: forged\rx\nHint: kept\u001b[0m", "one\nmore");
        Assert.AreEqual("error: first\n  error: forged\\rx\nHint: kept\\u001b[0m\nHint: one\n  more\n", error.ToString().ReplaceLineEndings("\n"));
    }

    [TestMethod]
    [DataRow("date", "date")]
    [DataRow("a,b", "\"a,b\"")]
    [DataRow("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [DataRow("@SUM(1,2)", "\"'@SUM(1,2)\"")]
    [DataRow("+x\"y", "\"'+x\"\"y\"")]
    [DataRow("-1.5e3", "-1.5e3")]
    [DataRow("-", "'-")]
    [DataRow("two\nlines", @"two\nlines")]
    public void AFieldOfACsvFileIsNoFormula(string text, string expected) => Assert.AreEqual(expected, CsvField.Of(text));
}
