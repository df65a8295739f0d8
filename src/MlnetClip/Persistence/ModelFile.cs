using System.IO.Compression;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;
using MlnetClip.Persistence;
using MlnetClip.Sequences;

namespace MlnetClip;

/// <summary>
/// Reads model files as data: nothing that a file names is loaded, nothing is unpacked to disk, and each field is checked before
/// anything of its size is allocated. So it may be used on files that are not trusted, which <c>mlContext.Model.Load</c> may not.
/// </summary>
public static class ModelFile
{
    /// <summary>Bytes that any file may unpack to.</summary>
    private const long SmallUnpacked = 64 << 20;

    /// <summary>Bytes that a file may unpack to for each of its own, beyond <see cref="SmallUnpacked"/>; weights hardly shrink when they are packed.</summary>
    private const int MostUnpackedPerByte = 16;

    private const int MostEntries = 10_000, LongestKey = 1 << 16;

    /// <summary>Reads a model file.</summary>
    /// <param name="path">The file, as <c>mlContext.Model.Save</c> writes it.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It is not a model file, or it is damaged; the message has the entry and the field.</exception>
    public static ModelFileContents Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        if (!stream.CanSeek) throw new IOException($"'{path}' must be a file that supports seeking.");
        return Inspect(stream);
    }

    /// <summary>Reads a model file.</summary>
    /// <param name="stream">The file from its beginning to its end; it must be able to seek. It stays open.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not a model file, or it is damaged; the message has the entry and the field.</exception>
    public static ModelFileContents Inspect(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) throw new ArgumentException("The stream must be able to seek.", nameof(stream));
        if (stream.Length > Array.MaxLength) throw new InvalidDataException($"A model file has at most {Array.MaxLength} bytes, but this one has {stream.Length}.");
        var bytes = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false));
            return Read(archive, bytes.Length);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"The file is not a zip archive, or it is damaged: {e.Message}", e);
        }
    }

    private static ModelFileContents Read(ZipArchive archive, long length)
    {
        Dictionary<string, ZipArchiveEntry> entries = Entries(archive);
        long unpacked = CheckSizes(entries.Values, length);
        var forecasters = new List<SavedForecaster>();
        var sequenceModels = new List<SavedSequenceModel>();
        var components = new List<SavedComponent>();
        foreach ((string name, ZipArchiveEntry entry) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (entry.Name != ModelKey.Entry && !name.EndsWith("/" + ModelKey.Entry, StringComparison.Ordinal)) continue;
            string folder = name[..^ModelKey.Entry.Length].TrimEnd('/');
            if (entry.Length > LongestKey) throw Damaged(name, SavedField.Wrong("the length", $"must be at most {LongestKey}", $"{entry.Length}"));
            ModelKey key = Of(name, () => ModelKey.Read(Unpack(entry).GetBuffer().AsSpan(0, (int)entry.Length)));
            components.Add(new SavedComponent(folder, key.LoaderSignature, key.LoaderAssembly));
            if (key.ModelSignature == LstmForecastingLoader.Entry.ModelSignature) forecasters.Add(ReadWeights(entries, folder, LstmForecastingLoader.Entry, ForecastModelFormat.Read));
            if (key.ModelSignature == LstmPredictionLoader.Entry.ModelSignature) sequenceModels.Add(ReadWeights(entries, folder, LstmPredictionLoader.Entry, SequenceModelFormat.Read));
        }

        return new ModelFileContents(forecasters, sequenceModels, components, unpacked);
    }

    private static T ReadWeights<T>(Dictionary<string, ZipArchiveEntry> entries, string folder, ModelEntry entry, Func<Stream, T> read)
    {
        string weights = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
        if (!entries.TryGetValue(weights, out ZipArchiveEntry? found)) throw entry.Missing(weights);
        return Of(weights, () => read(Unpack(found)));
    }

    /// <summary>The entries by name, with slashes, as Microsoft.ML finds them on every system.</summary>
    private static Dictionary<string, ZipArchiveEntry> Entries(ZipArchive archive)
    {
        if (archive.Entries.Count > MostEntries) throw new InvalidDataException($"A model file has at most {MostEntries} entries, but this one has {archive.Entries.Count}.");
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string name = entry.FullName.Replace('\\', '/');
            if (!entries.TryAdd(name, entry)) throw new InvalidDataException($"The file has the entry '{name}' twice.");
        }

        return entries;
    }

    /// <summary>Throws for a file that unpacks to far more than a model of its size can.</summary>
    private static long CheckSizes(IEnumerable<ZipArchiveEntry> entries, long length)
    {
        long limit = SmallUnpacked + (MostUnpackedPerByte * length), sum = 0;
        foreach (ZipArchiveEntry entry in entries)
        {
            // The reader stops at the length that the directory states, so that a false one makes a damaged entry and no larger one.
            sum += Math.Min(Math.Max(0, entry.Length), limit + 1);
            if (sum > limit)
                throw new InvalidDataException($"The file has {length} bytes and unpacks to more than {limit}, which no model does; its entry '{entry.FullName}' exceeds the limit.");
        }

        return sum;
    }

    private static MemoryStream Unpack(ZipArchiveEntry entry)
    {
        var content = new MemoryStream((int)Math.Min(entry.Length, 1 << 20));
        using Stream packed = entry.Open();
        packed.CopyTo(content);
        if (content.Length != entry.Length) throw SavedField.Wrong("the length", $"must be the {entry.Length} bytes of the directory", $"{content.Length}");
        content.Position = 0;
        return content;
    }

    private static T Of<T>(string entry, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw Damaged(entry, e);
        }
    }

    private static InvalidDataException Damaged(string entry, Exception error) => new($"Entry '{entry}': {error.Message}", error);
}
