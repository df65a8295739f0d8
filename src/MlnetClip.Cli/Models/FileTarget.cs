using System.Text;
using MlnetClip.Checkpoints;

namespace MlnetClip.Cli.Models;

/// <summary>An output file of the tool: checked before the work begins, written to a temporary file and renamed at the end.</summary>
internal sealed class FileTarget
{
    private readonly string _option, _path;

    private FileTarget(string option, string shown, string path) => (_option, Shown, _path) = (option, shown, path);

    /// <summary>The path as the user wrote it.</summary>
    public string Shown { get; }

    /// <summary>Checks that the file can be written, without changing it.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The path.</param>
    /// <param name="inputs">Files that the command reads and that this must not be.</param>
    /// <exception cref="InputException">It cannot be written there.</exception>
    public static FileTarget Check(string option, string path, params ReadOnlySpan<string> inputs)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new InputException($"{option} must be the name of a file, but was empty.");
        string full = Resolve(option, path);
        if (Directory.Exists(full)) throw new InputException($"{option} must name a file to write, but '{path}' is a folder.");
        foreach (string input in inputs)
            if (Resolve(option, input) == full) throw new InputException($"{option} must not be a file that the command reads, but '{path}' is.");

        string folder = Path.GetDirectoryName(full)!;
        if (File.Exists(folder)) throw new InputException($"{option} '{path}' cannot be written: '{folder}' is a file, not a folder.");
        if (!Directory.Exists(folder)) throw new InputException($"{option} '{path}' cannot be written: there is no folder '{folder}'.", "create the folder first.");
        if (!OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal))
            throw new InputException($"{option} must name a file to write, but '{path}' is a device.");
        if (File.Exists(full) && File.GetAttributes(full).HasFlag(FileAttributes.ReadOnly))
            throw new InputException($"{option} '{path}' cannot be written: the file there is read-only.", "choose another name, or make the file writable.");
        if (MountPoints.Contain(full))
            throw new InputException($"{option} '{path}' cannot be written: the file is a mount point, which cannot be replaced.", "mount the folder instead, or write to another file.");
        TryToCreate(option, path, full);
        return new FileTarget(option, path, full);
    }

    /// <summary>Checks that no other option writes the same file.</summary>
    /// <param name="outputs">Files that other options write; null for those that are not given.</param>
    /// <exception cref="InputException">One does.</exception>
    public FileTarget Apart(params ReadOnlySpan<string?> outputs)
    {
        foreach (string? output in outputs)
        {
            if (output is not null && Resolve(_option, output) == _path)
                throw new InputException($"{_option} must not be a file that another option writes, but '{Shown}' is.");
        }

        return this;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written any more.</exception>
    public void Write(Action<Stream> write) => AtomicFile.Write(_path, write);

    private static void TryToCreate(string option, string path, string full)
    {
        // As long as the name itself, so that a name too long for the file system is found, and no longer.
        int length = Math.Max(32, Encoding.UTF8.GetByteCount(Path.GetFileName(full)));
        string probe = Path.Combine(Path.GetDirectoryName(full)!, $".{Guid.NewGuid():N}".PadRight(length, '-')[..length]);
        try
        {
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"{option} '{path}' cannot be written: {e.Message}", inner: e);
        }
    }

    /// <summary>The full path of the file that is replaced: where symbolic links lead, if the path is one.</summary>
    private static string Resolve(string option, string path)
    {
        try
        {
            return AtomicFile.Resolve(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{option} '{path}' cannot be written: {e.Message}", inner: e);
        }
    }
}
