using System.Runtime.InteropServices;
using Google.Protobuf;
using MlnetClip.Scoring;

namespace MlnetClip.Onnx.Files;

/// <summary>Writes a model in ONNX's file format, a Protocol Buffers message. The numbers are those of the fields in onnx.proto, in the version of operator set 12.</summary>
internal static class OnnxWriter
{
    /// <summary>The version of the file format that belongs to operator set 12.</summary>
    private const long FormatVersion = 7;

    /// <summary>The operator set of ONNX-ML in <c>ai.onnx.ml</c>.</summary>
    private const long LearningOperatorSet = 2;

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version of this library.</param>
    /// <param name="metadata">Texts by name.</param>
    /// <returns>The file.</returns>
    public static byte[] Write(OnnxModel model, string version, IReadOnlyDictionary<string, string> metadata) => Message(file =>
    {
        Integer(file, 1, FormatVersion);
        Text(file, 2, "MlnetClip");
        Text(file, 3, version);
        Bytes(file, 7, Message(graph => WriteGraph(graph, model)));
        foreach (string domain in model.Nodes.Select(node => node.Domain).Append("").Distinct(StringComparer.Ordinal))
            Bytes(file, 8, OperatorSet(domain));
        foreach ((string key, string value) in metadata)
        {
            Bytes(file, 14, Message(entry =>
            {
                Text(entry, 1, key);
                Text(entry, 2, value);
            }));
        }
    });

    private static byte[] OperatorSet(string domain) => Message(set =>
    {
        Text(set, 1, domain);
        Integer(set, 2, domain switch { "" => OnnxModel.OperatorSet, "ai.onnx.ml" => LearningOperatorSet, _ => 1 });
    });

    private static void WriteGraph(CodedOutputStream graph, OnnxModel model)
    {
        foreach (OnnxOperation node in model.Nodes) Bytes(graph, 1, Message(message => WriteNode(message, node)));
        Text(graph, 2, "model");
        foreach (OnnxConstant constant in model.Constants) Bytes(graph, 5, Message(message => WriteConstant(message, constant)));
        foreach (OnnxValue input in model.Inputs) Bytes(graph, 11, Message(message => WriteValue(message, input)));
        foreach (OnnxValue output in model.Outputs) Bytes(graph, 12, Message(message => WriteValue(message, output)));
    }

    private static void WriteNode(CodedOutputStream message, OnnxOperation node)
    {
        foreach (string input in node.Inputs) Text(message, 1, input);
        foreach (string output in node.Outputs) Text(message, 2, output);
        Text(message, 3, node.Name);
        Text(message, 4, node.Operation);
        foreach ((string name, object value) in node.Attributes) Bytes(message, 5, Message(attribute => WriteAttribute(attribute, name, value)));
        if (node.Domain.Length > 0) Text(message, 7, node.Domain);
    }

    private static void WriteAttribute(CodedOutputStream message, string name, object value)
    {
        Text(message, 1, name);
        switch (value)
        {
            case float number:
                Number(message, 2, number);
                Integer(message, 20, 1);
                break;
            case long number:
                Integer(message, 3, number);
                Integer(message, 20, 2);
                break;
            case Type element:
                Integer(message, 3, OnnxElement.Of(element));
                Integer(message, 20, 2);
                break;
            case string text:
                Text(message, 4, text);
                Integer(message, 20, 3);
                break;
            case float[] numbers:
                foreach (float number in numbers) Number(message, 7, number);
                Integer(message, 20, 6);
                break;
            case long[] numbers:
                foreach (long number in numbers) Integer(message, 8, number);
                Integer(message, 20, 7);
                break;
            case string[] texts:
                foreach (string text in texts) Text(message, 9, text);
                Integer(message, 20, 8);
                break;
            default:
                throw new ArgumentException($"An attribute cannot be of type {value.GetType()}.", nameof(value));
        }
    }

    private static void WriteConstant(CodedOutputStream message, OnnxConstant constant)
    {
        foreach (long size in constant.Shape) Integer(message, 1, size);
        Integer(message, 2, OnnxElement.Of(constant.Element));
        if (constant.Values is string[] texts)
            foreach (string text in texts) Text(message, 6, text);
        Text(message, 8, constant.Name);
        if (constant.Values is not string[]) Bytes(message, 9, Raw(constant.Values));
    }

    private static void WriteValue(CodedOutputStream message, OnnxValue value)
    {
        Text(message, 1, value.Name);
        Bytes(message, 2, Message(type => Bytes(type, 1, Message(tensor =>
        {
            Integer(tensor, 1, OnnxElement.Of(value.Element));
            Bytes(tensor, 2, Message(shape =>
            {
                foreach (OnnxSize size in value.Shape)
                {
                    Bytes(shape, 1, Message(dimension =>
                    {
                        if (size.Name is null) Integer(dimension, 1, size.Size);
                        else Text(dimension, 2, size.Name);
                    }));
                }
            }));
        }))));
        if (value.Meaning.Length > 0) Text(message, 3, value.Meaning);
    }

    /// <summary>The elements as ONNX stores them, little-endian.</summary>
    private static ReadOnlySpan<byte> Raw(Array values) => values switch
    {
        float[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        double[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        long[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        ulong[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        int[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        uint[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        short[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        ushort[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        sbyte[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
        byte[] numbers => numbers,
        bool[] bits => MemoryMarshal.AsBytes(bits.AsSpan()),
        _ => throw new ArgumentException($"A constant cannot be of type {values.GetType()}.", nameof(values)),
    };

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var message = new CodedOutputStream(memory, leaveOpen: true)) write(message);
        return memory.ToArray();
    }

    private static void Integer(CodedOutputStream message, int field, long value)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteInt64(value);
    }

    private static void Number(CodedOutputStream message, int field, float value)
    {
        message.WriteTag(field, WireFormat.WireType.Fixed32);
        message.WriteFloat(value);
    }

    private static void Text(CodedOutputStream message, int field, string value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteString(value);
    }

    private static void Bytes(CodedOutputStream message, int field, ReadOnlySpan<byte> value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(value));
    }
}
