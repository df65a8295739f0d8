using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace MlnetClip.Onnx.Tests.Weights;

/// <summary>Writes safetensors files as PyTorch users get them: the header padded with blanks to a multiple of 8 bytes, tensors one after the other.</summary>
internal static class Safetensors
{
    public static byte[] Of(params (string Name, int[] Shape, float[] Values)[] tensors) => Of("F32", tensors);

    public static byte[] Of(string type, params (string Name, int[] Shape, float[] Values)[] tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "pt" } };
        using var data = new MemoryStream();
        foreach ((string name, int[] shape, float[] values) in tensors)
        {
            long begin = data.Length;
            foreach (float value in values) data.Write(Bytes(type, value));
            header[name] = new { dtype = type, shape, data_offsets = new[] { begin, data.Length } };
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        json = [.. json, .. Encoding.ASCII.GetBytes(new string(' ', (8 - (json.Length % 8)) % 8))];
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data.ToArray()];
    }

    private static byte[] Bytes(string type, float value) => type switch
    {
        "F64" => BitConverter.GetBytes((double)value),
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        _ => BitConverter.GetBytes(value),
    };
}
