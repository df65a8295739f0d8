using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MlnetClip.Search.Stores;

/// <summary>The study file: its identification, version and tables.</summary>
internal static class SqliteSchema
{
    /// <summary>'MlCS' in ASCII, in SQLite's field for the application id.</summary>
    internal const long ApplicationId = 0x4D6C4353;

    /// <summary>Raised whenever earlier versions cannot read the file or would interpret it differently. Version 2 changed the identity of a study.</summary>
    internal const long Version = 2;

    private const int Busy = 5, Locked = 6, Corrupt = 11, Full = 13, NotADatabase = 26;

    private const string Tables = """
        CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE trials(
            number INTEGER PRIMARY KEY, generation INTEGER NOT NULL, stage TEXT NOT NULL, point TEXT NOT NULL, seed INTEGER NOT NULL,
            state TEXT NOT NULL, attempt INTEGER NOT NULL, owner TEXT, lease_end INTEGER,
            value REAL, reports TEXT, measures TEXT, failure_kind TEXT, failure TEXT, seconds REAL);
        """;

    public static SqliteConnection Open(string path)
    {
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new DirectoryNotFoundException($"The folder of the study '{path}' does not exist.");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = full, Pooling = false, DefaultTimeout = 60 }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL");
            Run(connection, "PRAGMA synchronous = NORMAL");
            using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
            {
                CheckOrCreate(connection, transaction, path);
                transaction.Commit();
            }

            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw error.SqliteErrorCode is Corrupt or NotADatabase
                ? new InvalidDataException($"'{path}' is not a study, or is damaged: {error.Message}", error)
                : Translate(error, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The error for what went wrong with an open study.</summary>
    public static IOException Translate(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            Busy or Locked => $"The study '{path}' is locked by another program.{Environment.NewLine}Hint: close the other program and resume the study.",
            Full => $"The disk of the study '{path}' is full.{Environment.NewLine}Hint: free disk space and resume the study; finished trials are kept.",
            Corrupt or NotADatabase => $"The study '{path}' is damaged: {error.Message}{Environment.NewLine}Hint: restore it from a backup, or use another file to start a new study.",
            _ => $"The study '{path}' cannot be read or written: {error.Message}",
        },
        error);

    public static void Run(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static void CheckOrCreate(SqliteConnection connection, SqliteTransaction transaction, string path)
    {
        long application = Number(connection, transaction, "PRAGMA application_id");
        long version = Number(connection, transaction, "PRAGMA user_version");
        long tables = Number(connection, transaction, "SELECT COUNT(*) FROM sqlite_master");
        if (application == ApplicationId && version == Version)
        {
            // A view, a trigger or a computed column in their place could run anything, or never finish.
            if (Definitions(connection, transaction).SequenceEqual(Tables.Split(';').Select(WithoutSpaces).Where(table => table.Length > 0))) return;
            throw new InvalidDataException($"The study '{path}' does not have exactly the tables of a study.");
        }

        if (application == ApplicationId)
        {
            string hint = version > Version ? "update MlnetClip.Search." : "use another file to start a new study, or finish this one with MlnetClip.Search 0.1.";
            throw new InvalidDataException($"The study '{path}' has version {version}; this MlnetClip.Search reads version {Version}.{Environment.NewLine}Hint: {hint}");
        }

        if (tables > 0)
            throw new InvalidDataException($"'{path}' is an SQLite file, but not a study.{Environment.NewLine}Hint: name a file that does not exist yet.");
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"{Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
        command.ExecuteNonQuery();
    }

    /// <summary>The definitions of everything in the file, without white space, in the order in which they were made.</summary>
    private static List<string> Definitions(SqliteConnection connection, SqliteTransaction transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT sql FROM sqlite_master ORDER BY rowid LIMIT 3"; // one more than there are
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> definitions = [];
        while (reader.Read()) definitions.Add(WithoutSpaces($"{reader.GetValue(0)}"));
        return definitions;
    }

    private static string WithoutSpaces(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static long Number(SqliteConnection connection, SqliteTransaction transaction, string query)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }
}
