using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MlnetClip.Onnx.Files;

/// <summary>Reads what weights are in from an ONNX file: nodes and constants of the main graph. Fields are skipped that say nothing about weights.</summary>
internal static class OnnxReader
{
    private const int BytesOfFloat = sizeof(float);

    /// <summary>Reads a file.</summary>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="file">Its contents.</param>
    /// <exception cref="InvalidDataException">It is damaged, or not an ONNX file.</exception>
    public static OnnxGraphContents Read(string name, byte[] file)
    {
        try
        {
            OnnxGraphContents? graph = null;
            Each(new CodedInputStream(file), (field, input) =>
            {
                if (field != 7) return false;
                graph = ReadGraph(input.ReadBytes());
                return true;
            });
            if (graph is { Nodes.Count: > 0 }) return graph;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"'{name}' is not an ONNX file, or it is damaged: {e.Message}", e);
        }

        throw new InvalidDataException($"'{name}' is not an ONNX file, or it is damaged: it has no graph.");
    }

    private static OnnxGraphContents ReadGraph(ByteString bytes)
    {
        var graph = new OnnxGraphContents([], new(StringComparer.Ordinal));
        Each(bytes.CreateCodedInput(), (field, input) =>
        {
            switch (field)
            {
                case 1: graph.Nodes.Add(ReadNode(input.ReadBytes())); return true;
                case 5:
                    (string name, OnnxTensorContents tensor) = ReadTensor(input.ReadBytes());
                    graph.Constants[name] = tensor;
                    return true;
                default: return false;
            }
        });
        return graph;
    }

    private static OnnxNodeContents ReadNode(ByteString bytes)
    {
        var node = new OnnxNodeContents([], [], new(StringComparer.Ordinal));
        Each(bytes.CreateCodedInput(), (field, input) =>
        {
            switch (field)
            {
                case 1: node.Inputs.Add(input.ReadString()); return true;
                case 2: node.Outputs.Add(input.ReadString()); return true;
                case 3: node.Name = input.ReadString(); return true;
                case 4: node.Operation = input.ReadString(); return true;
                case 5:
                    (string name, object? value) = ReadAttribute(input.ReadBytes());
                    node.Attributes[name] = value;
                    return true;
                default: return false;
            }
        });
        return node;
    }

    private static (string Name, object? Value) ReadAttribute(ByteString bytes)
    {
        string name = "";
        object? value = null;
        var texts = new List<string>();
        Each(bytes.CreateCodedInput(), (field, input) =>
        {
            switch (field)
            {
                case 1: name = input.ReadString(); return true;
                case 2: value = input.ReadFloat(); return true;
                case 3: value = input.ReadInt64(); return true;
                case 4: value = input.ReadBytes().ToStringUtf8(); return true;
                case 5: value = ReadTensor(input.ReadBytes()).Tensor; return true;
                case 9: texts.Add(input.ReadBytes().ToStringUtf8()); return true;
                default: return false;
            }
        });
        return (name, texts.Count > 0 ? texts : value);
    }

    private static (string Name, OnnxTensorContents Tensor) ReadTensor(ByteString bytes)
    {
        string name = "";
        var shape = new List<long>();
        var numbers = new List<float>();
        var doubles = new List<double>();
        int type = 0;
        bool external = false;
        ByteString raw = ByteString.Empty;
        CodedInputStream fields = bytes.CreateCodedInput();
        for (uint tag = fields.ReadTag(); tag != 0; tag = fields.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: Repeat(fields, tag, input => shape.Add(input.ReadInt64())); break;
                case 2: type = fields.ReadInt32(); break;
                case 4: Repeat(fields, tag, input => numbers.Add(input.ReadFloat())); break;
                case 8: name = fields.ReadString(); break;
                case 9: raw = fields.ReadBytes(); break;
                case 10: Repeat(fields, tag, input => doubles.Add(input.ReadDouble())); break;
                case 14: external = fields.ReadInt32() == 1; break;
                default: fields.SkipLastField(); break;
            }
        }

        return (name, new OnnxTensorContents([.. shape], type, Numbers(type, raw, numbers, doubles), external));
    }

    /// <summary>The values as doubles; null for other types than float and double.</summary>
    private static double[]? Numbers(int type, ByteString raw, List<float> numbers, List<double> doubles) => type switch
    {
        OnnxElement.Float when raw.Length > 0 => [.. MemoryMarshal.Cast<byte, float>(raw.Span[..(raw.Length / BytesOfFloat * BytesOfFloat)]).ToArray().Select(value => (double)value)],
        OnnxElement.Float => [.. numbers.Select(value => (double)value)],
        OnnxElement.Double when raw.Length > 0 => MemoryMarshal.Cast<byte, double>(raw.Span[..(raw.Length / sizeof(double) * sizeof(double))]).ToArray(),
        OnnxElement.Double => [.. doubles],
        _ => null,
    };

    /// <summary>A field of numbers, packed or one at a time.</summary>
    private static void Repeat(CodedInputStream fields, uint tag, Action<CodedInputStream> read)
    {
        if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
        {
            read(fields);
            return;
        }

        CodedInputStream packed = fields.ReadBytes().CreateCodedInput();
        while (!packed.IsAtEnd) read(packed);
    }

    /// <summary>Reads the fields of a message; those that are not read are skipped.</summary>
    private static void Each(CodedInputStream message, Func<int, CodedInputStream, bool> read)
    {
        for (uint tag = message.ReadTag(); tag != 0; tag = message.ReadTag())
            if (!read(WireFormat.GetTagFieldNumber(tag), message)) message.SkipLastField();
    }
}

/// <summary>Nodes and constants.</summary>
internal sealed record OnnxGraphContents(List<OnnxNodeContents> Nodes, Dictionary<string, OnnxTensorContents> Constants);

/// <summary>A node; attributes are long, float, string, a list of strings, or a tensor, and null of other types.</summary>
internal sealed record OnnxNodeContents(List<string> Inputs, List<string> Outputs, Dictionary<string, object?> Attributes)
{
    public string Name { get; set; } = "";

    public string Operation { get; set; } = "";

    /// <summary>The node in words, for errors.</summary>
    public override string ToString() => Name.Length > 0 ? $"{Operation} node '{Name}'" : $"{Operation} node";
}

/// <summary>A tensor; its values are null where they are not numbers in floating point.</summary>
internal sealed record OnnxTensorContents(long[] Shape, int Type, double[]? Values, bool IsExternal);
