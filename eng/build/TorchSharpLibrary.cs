using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MlnetClip.Build;

/// <summary>
/// Makes copies of TorchSharp's native library loadable on Linux systems whose C++ library is older than that of GCC 13.2, such as Debian 12. The library
/// requires the version GLIBCXX_3.4.32 of libstdc++, but uses nothing of it: the requirement is marked as weak, which the loader then only notes.
/// </summary>
internal static class TorchSharpLibrary
{
    private const string FileName = "libLibTorchSharp.so", Version = "GLIBCXX_3.4.32";
    private const uint VersionNeeds = 0x6FFFFFFE; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK
    private const int SectionHeader = 64;

    /// <summary>Changes the copies in a folder and the folders in it, where this system needs that.</summary>
    /// <returns>The files that were changed.</returns>
    public static IReadOnlyList<string> Prepare(string folder)
    {
        if (!Directory.Exists(folder)) throw new BuildException($"There is no folder '{folder}'.", exitCode: 2);
        var changed = new List<string>();
        if (!IsNeeded()) return changed;
        foreach (string file in Directory.EnumerateFiles(folder, FileName, SearchOption.AllDirectories))
        {
            byte[] image = File.ReadAllBytes(file);
            if (!Relax(image)) continue;

            // Beside the file and then in its place: it may be linked to the package's own.
            string copy = $"{file}.new";
            File.WriteAllBytes(copy, image);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(copy, File.GetUnixFileMode(file));
            File.Move(copy, file, overwrite: true);
            changed.Add(file);
        }

        return changed;
    }

    /// <summary>Marks the requirement as weak.</summary>
    /// <param name="image">A library, ELF with 64 bits.</param>
    /// <returns>Whether anything was changed.</returns>
    internal static bool Relax(Span<byte> image)
    {
        if (image.Length < SectionHeader || !image.StartsWith("\u007fELF\u0002"u8)) return false;
        bool changed = false;
        int sections = (int)BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]), count = UInt16(image, 0x3C);
        for (int i = 0; i < count; i++)
        {
            Span<byte> section = image.Slice(sections + (i * SectionHeader), SectionHeader);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeeds) continue;
            Span<byte> texts = image[Offset(image, sections, Int32(section, 40))..];
            changed |= RelaxSection(image, (int)BinaryPrimitives.ReadInt64LittleEndian(section[24..]), texts);
        }

        return changed;
    }

    /// <summary>One section: a list of libraries, each with a list of versions.</summary>
    private static bool RelaxSection(Span<byte> image, int library, ReadOnlySpan<byte> texts)
    {
        bool changed = false;
        while (true)
        {
            int version = library + Int32(image, library + 8);
            for (int n = UInt16(image, library + 2); n > 0; n--)
            {
                ReadOnlySpan<byte> name = texts[Int32(image, version + 8)..];
                ushort flags = UInt16(image, version + 4);
                if (name[..name.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(Version)) && (flags & Weak) == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(version + 4)..], (ushort)(flags | Weak));
                    changed = true;
                }

                version += Int32(image, version + 12);
            }

            int next = Int32(image, library + 12);
            if (next == 0) return changed;
            library += next;
        }
    }

    /// <summary>Whether this system's libstdc++ lacks the version.</summary>
    private static bool IsNeeded()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !NativeLibrary.TryLoad("libstdc++.so.6", out _)) return false;
        string? path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]).FirstOrDefault(name => name.Contains("/libstdc++.so", StringComparison.Ordinal));
        return path is not null && File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{Version}\0")) < 0;
    }

    private static int Offset(ReadOnlySpan<byte> image, int sections, int index) =>
        (int)BinaryPrimitives.ReadInt64LittleEndian(image[(sections + (index * SectionHeader) + 24)..]);

    private static int Int32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadInt32LittleEndian(image[offset..]);

    private static ushort UInt16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);
}
