using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace MlnetClip.Checkpoints;

/// <summary>Writes a temporary file and renames it to the target, so that a failure leaves the old file intact.</summary>
/// <remarks>
/// <para>
/// The temporary file is in the target's folder, is created exclusively under a random name, and is locked while it is written.
/// Concurrent writers of one target, in one process or several, do not disturb each other; the last one to finish wins. Each write
/// first removes the temporary files that killed writers of the same target left behind.
/// </para>
/// <para>
/// The contents are on disk before the file is renamed. On Linux and macOS the folder is written to disk after it, so that the new file survives a power failure once the
/// method returns. Elsewhere that is up to the file system: there is either the old file or the new one.
/// </para>
/// <para>
/// If the target is a symbolic link, the file that it points to is replaced. The permissions of the replaced file are kept. Other hard
/// links to it keep the old contents. A file that is a mount point cannot be replaced.
/// </para>
/// </remarks>
public static class AtomicFile
{
    private const int Attempts = 100;
    private static readonly EnumerationOptions Lenient = new() { AttributesToSkip = 0 };

    /// <summary>Writes a file.</summary>
    /// <param name="path">The target; its folder must exist.</param>
    /// <param name="write">Writes the contents into a stream that can seek.</param>
    /// <exception cref="IOException">The target's folder is missing, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, null);

    /// <summary>Writes a file, and calls <paramref name="beforeRename"/> with the full path of the target when the new contents are on disk but do not replace it yet.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the contents.</param>
    /// <param name="beforeRename">Called with the full path of the target; null for nothing.</param>
    /// <param name="flushFolder">Makes the new name of the file durable; null for <see cref="FolderFlush.Flush"/>.</param>
    internal static void Write(string path, Action<Stream> write, Action<string>? beforeRename, Func<string, bool>? flushFolder = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        string target = Resolve(path);
        RemoveLeftovers(target);
        using FileStream stream = CreateAside(target);
        try
        {
            write(stream);
            if (!OperatingSystem.IsWindows()) KeepPermissions(target, stream);
            stream.Flush(flushToDisk: true);
            beforeRename?.Invoke(target);

            // Renamed while it is open and locked, so that no other writer removes it as a leftover.
            File.Move(stream.Name, target, overwrite: true);
            (flushFolder ?? FolderFlush.Flush)(Path.GetDirectoryName(target)!);
        }
        catch
        {
            File.Delete(stream.Name);
            throw;
        }
    }

    /// <summary>The full path of the file that <see cref="Write(string, Action{Stream})"/> replaces, with symbolic links resolved.</summary>
    /// <param name="path">The target.</param>
    /// <exception cref="IOException">The links form a cycle.</exception>
    public static string Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileInfo(Path.GetFullPath(path));
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static FileStream CreateAside(string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete };
        if (!OperatingSystem.IsWindows() && File.Exists(target)) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // Between its creation and our lock another writer may remove the file as a leftover; then try again.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var stream = new FileStream($"{Prefix(target)}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp", options);
                if (File.Exists(stream.Name)) return stream;
                stream.Dispose();
            }
            catch (IOException e) when (attempt < Attempts && e is not DirectoryNotFoundException and not PathTooLongException)
            {
                // As above, but the other writer still holds the lock.
            }
        }
    }

    /// <summary>Removes the temporary files of killed writers of the target; running writers hold a lock.</summary>
    private static void RemoveLeftovers(string target)
    {
        string folder = Path.GetDirectoryName(target) ?? target;
        if (!Directory.Exists(folder)) return;
        foreach (string leftover in Directory.EnumerateFiles(folder, Path.GetFileName(Prefix(target)) + "*.tmp", Lenient).Concat(OldLeftovers.Of(target, Lenient)))
        {
            try
            {
                using var locked = new FileStream(leftover, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, gone, or not ours to remove.
            }
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void KeepPermissions(string target, FileStream stream)
    {
        if (File.Exists(target)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
    }

    /// <summary>The name of a hidden file beside a target: short whatever the target is named, and the same for one target only.</summary>
    internal static string NameBeside(string target, string extension) => $"{Stem(target)}.{extension}";

    /// <summary>What the names of files aside begin with.</summary>
    private static string Prefix(string target) => $"{Stem(target)}-";

    private static string Stem(string target)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(target))))[..12];
        return Path.Combine(Path.GetDirectoryName(target) ?? target, $".mlnetclip-{hash}");
    }
}
