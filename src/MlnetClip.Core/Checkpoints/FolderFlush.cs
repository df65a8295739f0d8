using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlnetClip.Checkpoints;

/// <summary>Writes the entries of a folder to disk. Without it, a file that was renamed may have its old name, or its old contents, after the power fails.</summary>
internal static partial class FolderFlush
{
    private const int CloseOnExecuteOnLinux = 0x80000, CloseOnExecuteOnMacOS = 0x1000000; // O_CLOEXEC; O_RDONLY is 0 on both

    /// <summary>Flushes a folder. Nothing happens on systems other than Linux and macOS, where a folder cannot be opened like a file, and where the user may not read the folder.</summary>
    /// <returns>Whether the folder was flushed.</returns>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static bool Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return false;
        int descriptor;
        try
        {
            descriptor = Open(folder, OperatingSystem.IsLinux() ? CloseOnExecuteOnLinux : CloseOnExecuteOnMacOS);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }

        if (descriptor < 0) return false;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle); // file systems that cannot flush a folder are no error
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
