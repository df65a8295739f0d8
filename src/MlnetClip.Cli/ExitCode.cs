namespace MlnetClip.Cli;

/// <summary>The exit codes of the tool, as documented in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The arguments were correct, but the run failed or was cancelled.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the input were wrong; nothing was trained or written.</summary>
    public const int WrongInput = 2;
}
