namespace MlnetClip.Search.Running;

/// <summary>Waits for any length of time; timers support 49 days at most.</summary>
internal static class LongDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static async Task For(TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        for (; time > Longest; time -= Longest) await Task.Delay(Longest, clock, cancellation).ConfigureAwait(false);
        await Task.Delay(time, clock, cancellation).ConfigureAwait(false);
    }
}
