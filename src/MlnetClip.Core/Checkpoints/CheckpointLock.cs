using System.Security.Cryptography;

namespace MlnetClip.Checkpoints;

/// <summary>
/// Keeps other fits, in this process or another, from using a checkpoint. The lock is a file beside the checkpoint, held open; it is released when the
/// process ends, however that happens. The file of a killed process has no effect.
/// </summary>
public sealed class CheckpointLock : IDisposable
{
    private const int Attempts = 100;

    private readonly FileStream _file;

    private CheckpointLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The checkpoint, which need not exist; its folder must.</param>
    /// <exception cref="IOException">Another fit uses the checkpoint, or no file can be created beside it.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be created beside it.</exception>
    public static CheckpointLock Take(string path)
    {
        string name = AtomicFile.NameBeside(AtomicFile.Resolve(path), "lock");
        for (int attempt = 1; ; attempt++)
        {
            FileStream file;
            try
            {
                file = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, RemovedByTheSystem);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException and not PathTooLongException)
            {
                if (File.Exists(name))
                {
                    throw new IOException(
                        $"The checkpoint '{path}' is in use by another fit.{Environment.NewLine}Hint: wait until that fit has ended, or name another file.", e);
                }

                if (attempt == Attempts) throw; // else it was released just now
                continue;
            }

            // The user before us may have removed the file between our opening and locking it: then ours is no longer the one of that name.
            int mark = RandomNumberGenerator.GetInt32(1, 1 << 16);
            file.SetLength(mark);
            if (new FileInfo(name) is { Exists: true } found && found.Length == mark) return new CheckpointLock(file);
            file.Dispose();
            if (attempt == Attempts) throw new IOException($"The checkpoint '{path}' is in use by other fits.");
        }
    }

    private static FileOptions RemovedByTheSystem => OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && !_file.SafeFileHandle.IsClosed) File.Delete(_file.Name); // while it is still locked
        _file.Dispose();
    }
}
