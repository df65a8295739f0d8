namespace MlnetClip.TestKit;

/// <summary>How long a test waits for something that is certain to happen unless the code is broken.</summary>
public static class Patience
{
    /// <summary>
    /// Ends a test that hangs. It is far longer than any wait takes on the slowest machine, so that no test depends on speed; a test
    /// that succeeds never waits this long.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(15);
}
