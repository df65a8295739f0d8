using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Help;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests;

/// <summary>The help of every command is as complete as the library's, and ends with an example that parses.</summary>
[TestClass]
public sealed class HelpTests
{
    public static IEnumerable<object[]> Commands => Leaves(Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null)), []).Select(path => new object[] { path });

    public static IEnumerable<object[]> AllCommands => [[Array.Empty<string>()], [new[] { "train" }], [new[] { "tune" }], .. Commands];

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void EachHasAnExample(string[] path)
    {
        string help = ToolRun.Of([.. path, "--help"]).Succeeds().Output;
        Assert.DoesNotContain("[default: (", help, "a default is printed in its text form");
        Assert.DoesNotContain("[default: System.", help, "a default is printed in its text form");
        string[] lines = help.TrimEnd().Split(Environment.NewLine);
        Assert.AreEqual("Example:", lines[^2]);
        StringAssert.StartsWith(lines[^1], $"  mlnetclip {string.Join(' ', path)} ");
        Command root = Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null));
        Assert.IsEmpty(root.Parse(lines[^1].Trim()["mlnetclip ".Length..]).Errors, lines[^1]);
    }

    [TestMethod]
    [DynamicData(nameof(AllCommands))]
    public void IsWhatTheLibraryPrints(string[] path)
    {
        ParseResult parsed = Parse([.. path, "--help"]);
        using var library = new StringWriter();
        parsed.InvocationConfiguration.Output = library;
        new HelpAction { MaxWidth = int.MaxValue }.Invoke(parsed);
        // The library writes the argument of inspect by two names.
        Assert.AreEqual(library.ToString().Replace("inspect <model>", "inspect <FILE>", StringComparison.Ordinal), HelpText.Of(parsed.CommandResult, example: null, int.MaxValue));
    }

    [TestMethod]
    [DynamicData(nameof(AllCommands))]
    public void FitsTheTerminal(string[] path)
    {
        CommandResult command = Parse([.. path, "--help"]).CommandResult;
        string wide = HelpText.Of(command, example: null, int.MaxValue);
        foreach (int width in new[] { 60, 80, 100, 120, 200 })
        {
            string help = HelpText.Of(command, example: null, width);
            foreach (string line in help.Split(Environment.NewLine)) Assert.IsLessThanOrEqualTo(width, line.Length, line);
            Assert.AreEqual(Letters(wide), Letters(help), "nothing is missing");
        }

        static string Letters(string help) => new([.. help.Where(letter => !char.IsWhiteSpace(letter)).Order()]); // columns side by side change their order
    }

    [TestMethod]
    public void ColumnsContinueBelowTheirBeginning()
    {
        var text = new System.Text.StringBuilder();
        HelpRow.Append(text, [new HelpRow("--a <VALUE> (REQUIRED)", "one two three four five six seven"), new HelpRow("--b", "a-word-that-is-longer-than-its-column is cut")], 38);
        string[] lines =
        [
            "  --a <VALUE>        one two three",
            "  (REQUIRED)         four five six",
            "                     seven",
            "  --b                a-word-that-is-lo",
            "                     nger-than-its-col",
            "                     umn is cut",
            "",
        ];
        Assert.AreEqual(string.Join(Environment.NewLine, lines), text.ToString());
    }

    [TestMethod]
    [DataRow(0, int.MaxValue, DisplayName = "a terminal without a size")]
    [DataRow(-1, int.MaxValue)]
    [DataRow(3, 40)]
    public void ColumnsAreNeverTooNarrowToRead(int width, int asFor)
    {
        CommandResult command = Parse(["train", "--help"]).CommandResult;
        Assert.AreEqual(HelpText.Of(command, "train", asFor), HelpText.Of(command, "train", width));
    }

    [TestMethod]
    public void HelpIsPrintedWhateverElseIsWrong() =>
        Assert.AreEqual(
            ToolRun.Of("train", "forecasting", "--help").Succeeds().Output,
            ToolRun.Of("train", "forecasting", "--layers", "1", "--dropout", "0.5", "--window", "x", "--nothing", "--help").Succeeds().Output);

    [TestMethod]
    [DataRow]
    [DataRow("train")]
    [DataRow("tune")]
    public void CommandsThatAreNotNamedAreListedAsIfTheyHadTheirOptions(params string[] path)
    {
        using var all = new StringWriter();
        Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null)).Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = all });
        Assert.AreEqual(all.ToString(), ToolRun.Of([.. path, "--help"]).Succeeds().Output);
    }

    [TestMethod]
    public void ACommandWithAnotherSpellingHasItsOptions() =>
        Assert.Contains("--features-per-step", ToolRun.Of("train", "labelling", "--help").Succeeds().Output);

    private static ParseResult Parse(string[] arguments) => Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null)).Parse(arguments);

    private static IEnumerable<string[]> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. path, child.Name]));
}
