using System.Text.Json;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests;

/// <summary>A run of the tool inside the test process, and what it left behind.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON object that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static ToolRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static ToolRun Of(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Tool.Run(arguments, new Terminal(output, error), cancellation);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The run succeeded; its error stream is shown where it did not.</summary>
    public ToolRun Succeeds()
    {
        Assert.AreEqual(0, ExitCode, Error);
        return this;
    }

    /// <summary>The run was refused with exit code 2, printed nothing on standard output, and said these things.</summary>
    public ToolRun IsRefused(params string[] parts)
    {
        Assert.AreEqual(2, ExitCode, Error);
        Assert.AreEqual("", Output);
        foreach (string part in parts) StringAssert.Contains(Error, part);
        return this;
    }
}
