using System.CommandLine;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests;

/// <summary>The help of every command ends with an example that parses.</summary>
[TestClass]
public sealed class HelpTests
{
    public static IEnumerable<object[]> Commands => Leaves(Tool.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null)), []).Select(path => new object[] { path });

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

    private static IEnumerable<string[]> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. path, child.Name]));
}
