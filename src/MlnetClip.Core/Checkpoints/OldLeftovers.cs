namespace MlnetClip.Checkpoints;

/// <summary>The temporary files of killed writers of version 0.1, which were named <c>TARGET.PID.tmp</c> and not locked.</summary>
internal static class OldLeftovers
{
    private const string Extension = ".tmp";

    /// <summary>A writer of version 0.1 that still runs has written to its file more recently.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>The files; links and files that a user may have named so, since they do not begin as a model or a checkpoint does, are not among them.</summary>
    public static IEnumerable<string> Of(string target, EnumerationOptions options)
    {
        string name = Path.GetFileName(target);
        return Directory.EnumerateFiles(Path.GetDirectoryName(target) ?? target, "*" + Extension, options)
            .Where(path => IsName(Path.GetFileName(path), name) && IsOurs(path));
    }

    private static bool IsName(string name, string target) =>
        name.Length > target.Length + 1 + Extension.Length && name.StartsWith(target + ".", StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
        && !name.AsSpan()[(target.Length + 1)..^Extension.Length].ContainsAnyExceptInRange('0', '9');

    private static bool IsOurs(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null || DateTime.UtcNow - file.LastWriteTimeUtc < Age) return false;
            if (file.Length == 0) return true;
            Span<byte> begin = stackalloc byte[8];
            using FileStream stream = file.OpenRead();
            int read = stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
            return begin[..read].StartsWith("PK"u8) || begin[..read].StartsWith("MLCTRAIN"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
