namespace MlnetClip.Search.Tests;

/// <summary>A clock that the test moves. Its timers fire when the test says so, however fast or slow the machine is.</summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _expired = TimeSpan.MinValue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the time and fires the timers that are due.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock)
        {
            _now += by;
            foreach (ManualTimer timer in _timers.FindAll(timer => timer.Due <= _now)) timer.FireSoon();
            _timers.RemoveAll(timer => timer.Due <= _now);
        }
    }

    /// <summary>Fires all timers of up to this time, those that exist and those that are created until <see cref="Resume"/>.</summary>
    public void Expire(TimeSpan time)
    {
        lock (_lock)
        {
            _expired = time;
            Advance(time);
        }
    }

    /// <summary>New timers wait for the time to advance again.</summary>
    public void Resume()
    {
        lock (_lock) _expired = TimeSpan.MinValue;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            bool never = dueTime == Timeout.InfiniteTimeSpan;
            var timer = new ManualTimer(callback, state, never ? DateTimeOffset.MaxValue : _now + dueTime);
            if (never || dueTime > _expired) _timers.Add(timer);
            else timer.FireSoon();
            return timer;
        }
    }

    private sealed class ManualTimer(TimerCallback callback, object? state, DateTimeOffset due) : ITimer
    {
        private volatile bool _disposed;

        public DateTimeOffset Due { get; } = due;

        public void FireSoon() => ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                if (!_disposed) callback(state);
            },
            null);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("These timers fire once.");

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
