namespace MlnetClip.Cli.Tests;

/// <summary>A standard error that cancels when a line of progress comes.</summary>
internal sealed class CancelAt(string line, CancellationTokenSource cancellation) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value is not null && value.StartsWith(line, StringComparison.Ordinal)) cancellation.Cancel();
    }
}
