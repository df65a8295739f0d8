using Microsoft.Data.Sqlite;
using MlnetClip.Search.Stores;

namespace MlnetClip;

/// <summary>
/// Stores a study in an SQLite file: a finished trial is on the disk before <see cref="Finish"/> returns.
/// Several processes on one machine can open the file at the same time (write-ahead log; not on network file systems).
/// </summary>
public sealed class SqliteStudyStore : IStudyStore
{
    // A lease that ends later than this, and later than ten leases of the one who reads it, was written by a wrong clock and is ignored.
    private static readonly TimeSpan FarthestLease = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly SqliteConnection _connection;
    private readonly string _path;

    /// <summary>Opens a study, or creates an empty one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="clock">The clock for leases; null for the system clock. The clocks of processes that share a study must agree.</param>
    /// <exception cref="InvalidDataException">The file is not a study, is damaged, or was written by a newer version.</exception>
    /// <exception cref="IOException">The file cannot be opened or created. The methods throw it too, when the file is damaged or locked or the disk is full.</exception>
    public SqliteStudyStore(string path, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _clock = clock ?? TimeProvider.System;
        _path = path;
        _connection = SqliteSchema.Open(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> GetTrials() => InTransaction(write: false, transaction =>
    {
        using SqliteCommand command = Command(transaction, $"SELECT {TrialRow.Columns} FROM trials ORDER BY number");
        using SqliteDataReader reader = command.ExecuteReader();
        List<Trial> trials = [];
        while (reader.Read())
        {
            trials.Add(TrialRow.Read(reader));

            // Also ends the reading of a damaged file in which rows lead back to earlier ones.
            if (trials[^1].Number != trials.Count - 1) throw new InvalidDataException($"trial {trials.Count - 1} is missing: trial {trials[^1].Number} is in its place");
        }

        return trials;
    });

    /// <inheritdoc/>
    public bool TryAdd(int count, IReadOnlyList<TrialRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return InTransaction(write: true, transaction =>
        {
            using SqliteCommand last = Command(transaction, "SELECT COUNT(*), COALESCE(MAX(generation), -1) FROM trials");
            int generation;
            using (SqliteDataReader reader = last.ExecuteReader())
            {
                reader.Read();
                if (reader.GetInt64(0) != count) return false;
                generation = reader.GetValue(1) is long and >= -1 and < int.MaxValue and var largest
                    ? (int)largest + 1
                    : throw new InvalidDataException($"the largest generation must be a whole number of 0 or more, but is '{reader.GetValue(1)}'");
            }

            for (int i = 0; i < requests.Count; i++)
            {
                TrialRequest request = requests[i];
                Execute(
                    transaction,
                    "INSERT INTO trials(number, generation, stage, point, seed, state, attempt) VALUES ($number, $generation, $stage, $point, $seed, 'Waiting', 0)",
                    ("$number", count + i), ("$generation", generation), ("$stage", request.Stage.ToString()),
                    ("$point", TrialRow.WritePoint(request.Point)), ("$seed", request.Seed));
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public TrialClaim? TryClaim(string owner, TimeSpan lease, int maxAttempts) => InTransaction<TrialClaim?>(write: true, transaction =>
    {
        while (FindClaimable(transaction, lease) is { } trial)
        {
            if (trial.Attempt >= maxAttempts)
            {
                using SqliteCommand lost = TrialRow.Update(Command(transaction, ""), LostTrial.Of(trial));
                lost.CommandText += " WHERE number = $number";
                lost.Parameters.AddWithValue("$number", trial.Number);
                lost.ExecuteNonQuery();
                continue;
            }

            Execute(
                transaction,
                "UPDATE trials SET state = 'Running', attempt = attempt + 1, owner = $owner, lease_end = $end WHERE number = $number",
                ("$number", trial.Number), ("$owner", owner), ("$end", Milliseconds(lease)));
            return new TrialClaim(trial with { State = TrialState.Running, Attempt = trial.Attempt + 1 }, owner);
        }

        return null;
    });

    /// <inheritdoc/>
    public bool Renew(TrialClaim claim, TimeSpan lease) =>
        IfHeld(claim, "UPDATE trials SET lease_end = $end", ("$end", Milliseconds(lease)));

    /// <inheritdoc/>
    public bool Finish(TrialClaim claim, Trial result)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(result);
        return InTransaction(write: true, durable: true, body: transaction =>
        {
            using SqliteCommand command = TrialRow.Update(Command(transaction, ""), result);
            return Held(command, claim).ExecuteNonQuery() == 1;
        });
    }

    /// <inheritdoc/>
    public bool Release(TrialClaim claim) => IfHeld(claim, "UPDATE trials SET state = 'Waiting', attempt = attempt - 1");

    /// <inheritdoc/>
    public string Note(string key, string value) => InTransaction(write: true, transaction =>
    {
        Execute(transaction, "INSERT OR IGNORE INTO notes(key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));
        using SqliteCommand command = Command(transaction, "SELECT value FROM notes WHERE key = $key", ("$key", key));
        return command.ExecuteScalar() as string ?? throw new InvalidDataException($"the note '{key}' is no text");
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _connection.Dispose();
    }

    private Trial? FindClaimable(SqliteTransaction transaction, TimeSpan lease)
    {
        using SqliteCommand command = Command(
            transaction,
            $"SELECT {TrialRow.Columns} FROM trials WHERE state = 'Waiting' OR (state = 'Running' AND (lease_end IS NULL OR lease_end <= $now OR lease_end > $far)) ORDER BY number LIMIT 1",
            ("$now", Milliseconds(TimeSpan.Zero)), ("$far", Milliseconds(TimeSpan.FromTicks(Math.Max(FarthestLease.Ticks, 10 * lease.Ticks)))));
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? TrialRow.Read(reader) : null;
    }

    private bool IfHeld(TrialClaim claim, string update, params ReadOnlySpan<(string Name, object Value)> values)
    {
        ArgumentNullException.ThrowIfNull(claim);
        (string, object)[] copied = values.ToArray();
        return InTransaction(write: true, transaction =>
        {
            using SqliteCommand command = Command(transaction, update, copied);
            return Held(command, claim).ExecuteNonQuery() == 1;
        });
    }

    private static SqliteCommand Held(SqliteCommand command, TrialClaim claim)
    {
        command.CommandText += " WHERE number = $claimed AND state = 'Running' AND attempt = $held AND owner = $holder";
        command.Parameters.AddWithValue("$claimed", claim.Trial.Number);
        command.Parameters.AddWithValue("$held", claim.Trial.Attempt);
        command.Parameters.AddWithValue("$holder", claim.Owner);
        return command;
    }

    private long Milliseconds(TimeSpan fromNow) => (_clock.GetUtcNow() + fromNow).ToUnixTimeMilliseconds();

    private T InTransaction<T>(bool write, Func<SqliteTransaction, T> body, bool durable = false)
    {
        lock (_lock)
        {
            // With a write-ahead log, NORMAL survives a crash of the process, FULL also one of the machine.
            if (durable) SqliteSchema.Run(_connection, "PRAGMA synchronous = FULL");
            try
            {
                using SqliteTransaction transaction = _connection.BeginTransaction(deferred: !write);
                T result = body(transaction);
                transaction.Commit();
                return result;
            }
            catch (SqliteException error)
            {
                throw SqliteSchema.Translate(error, _path);
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"The study '{_path}' is damaged: {error.Message}", error);
            }
            finally
            {
                if (durable) SqliteSchema.Run(_connection, "PRAGMA synchronous = NORMAL");
            }
        }
    }

    private SqliteCommand Command(SqliteTransaction transaction, string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private void Execute(SqliteTransaction transaction, string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using SqliteCommand command = Command(transaction, text, values);
        command.ExecuteNonQuery();
    }
}
