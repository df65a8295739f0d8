using MlnetClip.Search.Stores;

namespace MlnetClip;

/// <summary>Stores a study in memory, for the lifetime of the object.</summary>
public sealed class InMemoryStudyStore : IStudyStore
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);

    /// <summary>Creates an empty store.</summary>
    /// <param name="clock">The clock for leases; null for the system clock.</param>
    public InMemoryStudyStore(TimeProvider? clock = null) => _clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public IReadOnlyList<Trial> GetTrials()
    {
        lock (_lock) return [.. _entries.Select(entry => entry.Trial)];
    }

    /// <inheritdoc/>
    public bool TryAdd(int count, IReadOnlyList<TrialRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        lock (_lock)
        {
            if (_entries.Count != count) return false;
            int generation = count == 0 ? 0 : _entries[^1].Trial.Generation + 1;
            foreach (TrialRequest request in requests) _entries.Add(new Entry { Trial = new Trial(_entries.Count, generation, request) });
            return true;
        }
    }

    /// <inheritdoc/>
    public TrialClaim? TryClaim(string owner, TimeSpan lease, int maxAttempts)
    {
        lock (_lock)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            foreach (Entry entry in _entries)
            {
                if (entry.Trial.State == TrialState.Running ? entry.LeaseEnd > now : entry.Trial.State != TrialState.Waiting) continue;
                if (entry.Trial.Attempt >= maxAttempts)
                {
                    entry.Trial = LostTrial.Of(entry.Trial);
                    continue;
                }

                entry.Trial = entry.Trial with { State = TrialState.Running, Attempt = entry.Trial.Attempt + 1 };
                entry.Owner = owner;
                entry.LeaseEnd = now + lease;
                return new TrialClaim(entry.Trial, owner);
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public bool Renew(TrialClaim claim, TimeSpan lease) => IfHeld(claim, entry => entry.LeaseEnd = _clock.GetUtcNow() + lease);

    /// <inheritdoc/>
    public bool Finish(TrialClaim claim, Trial result) => IfHeld(claim, entry => entry.Trial = result);

    /// <inheritdoc/>
    public bool Release(TrialClaim claim) => IfHeld(
        claim, entry => entry.Trial = entry.Trial with { State = TrialState.Waiting, Attempt = entry.Trial.Attempt - 1 });

    /// <inheritdoc/>
    public string Note(string key, string value)
    {
        lock (_lock) return _notes.TryAdd(key, value) ? value : _notes[key];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private bool IfHeld(TrialClaim claim, Action<Entry> change)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (_lock)
        {
            Entry entry = _entries[claim.Trial.Number];
            if (entry.Trial.State != TrialState.Running || entry.Trial.Attempt != claim.Trial.Attempt || entry.Owner != claim.Owner) return false;
            change(entry);
            return true;
        }
    }

    private sealed class Entry
    {
        public required Trial Trial { get; set; }

        public string? Owner { get; set; }

        public DateTimeOffset LeaseEnd { get; set; }
    }
}
