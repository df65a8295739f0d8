using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MlnetClip.Weights;

namespace MlnetClip.Onnx.Weights;

/// <summary>
/// Reads safetensors files: the length of a header in 8 bytes, the header in JSON with type, shape and range of bytes of each tensor, and the bytes, all little-endian.
/// Every number is checked before it is used.
/// </summary>
internal static class SafetensorsReader
{
    private const int LengthBytes = sizeof(ulong);
    private const string Metadata = "__metadata__";

    /// <summary>Reads all tensors.</summary>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="file">Its contents.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this format.</exception>
    public static List<WeightTensor> Read(string name, byte[] file)
    {
        if (file.Length < LengthBytes) throw Wrong(name, $"it has {file.Length} bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > (ulong)(file.Length - LengthBytes)) throw Wrong(name, $"its header of {length} bytes is longer than the file");
        ReadOnlyMemory<byte> data = file.AsMemory(LengthBytes + (int)length);
        try
        {
            using JsonDocument header = JsonDocument.Parse(file.AsMemory(LengthBytes, (int)length));
            var tensors = new List<WeightTensor>();
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
                if (entry.Name != Metadata) tensors.Add(ReadTensor(name, entry, data.Span));
            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Wrong(name, $"its header cannot be read: {e.Message}", e);
        }
    }

    private static WeightTensor ReadTensor(string name, JsonProperty entry, ReadOnlySpan<byte> data)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        JsonElement offsets = entry.Value.GetProperty("data_offsets");
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64(), count = 1;
        foreach (int size in shape)
        {
            if (size < 0 || (count *= size) > Array.MaxLength) throw Wrong(name, $"tensor '{entry.Name}' has the shape [{string.Join(", ", shape)}]");
        }

        int bytes = type switch
        {
            "F64" => sizeof(double),
            "F32" => sizeof(float),
            "F16" or "BF16" => sizeof(short),
            _ => throw Wrong(name, $"tensor '{entry.Name}' is of type '{type}', but weights are F32, F64, F16 or BF16"),
        };
        if (begin < 0 || end > data.Length || end - begin != count * bytes)
            throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"tensor '{entry.Name}' has {count} values of type {type}, but the bytes {begin} to {end} of {data.Length}"));
        return new WeightTensor(entry.Name, shape, Convert(type, data[(int)begin..(int)end]));
    }

    private static float[] Convert(string type, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case "F32": return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case "F64": return Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value);
            case "F16": return Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value);
            default: return Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), value => BitConverter.Int32BitsToSingle(value << 16)); // BF16: the upper half of a float
        }
    }

    private static InvalidDataException Wrong(string name, string what, Exception? inner = null) => new(
        $"'{name}' is not a safetensors file, or it is damaged: {what}.{Environment.NewLine}Hint: in Python, safetensors.torch.save_file(model.state_dict(), \"model.safetensors\") writes one.", inner);
}
