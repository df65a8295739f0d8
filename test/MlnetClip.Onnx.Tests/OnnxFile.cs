using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace MlnetClip.Onnx.Tests;

/// <summary>An ONNX model in memory, run by ONNX Runtime.</summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxFile(byte[] bytes)
    {
        Bytes = bytes;
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(bytes, options);
    }

    public byte[] Bytes { get; }

    public IReadOnlyList<string> Inputs => [.. _session.InputMetadata.Keys];

    public IReadOnlyList<string> Outputs => [.. _session.OutputMetadata.Keys];

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Converts a model as users of Microsoft.ML do.</summary>
    public static OnnxFile Convert(MLContext context, ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        context.Model.ConvertToOnnx(model, data, stream);
        return new OnnxFile(stream.ToArray());
    }

    /// <summary>Dimensions of an input or output, -1 for one that is not fixed.</summary>
    public int[] ShapeOf(string name) =>
        (_session.InputMetadata.TryGetValue(name, out NodeMetadata? metadata) ? metadata : _session.OutputMetadata[name]).Dimensions;

    /// <summary>Runs the model.</summary>
    /// <param name="output">The output to read.</param>
    /// <param name="inputs">The inputs; those that are not given are zero, or an empty text, of batch size 1.</param>
    public T[] Run<T>(string output, params (string Name, Array Values, long[] Shape)[] inputs)
        where T : unmanaged
    {
        using var run = new RunOptions();
        var values = inputs.ToDictionary(input => input.Name, input => Value(input.Values, input.Shape));
        foreach ((string name, NodeMetadata metadata) in _session.InputMetadata)
            if (!values.ContainsKey(name)) values.Add(name, Empty(metadata, inputs[0].Shape[0]));
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(run, values, [output]);
        T[] result = results[0].GetTensorDataAsSpan<T>().ToArray();
        foreach (OrtValue value in values.Values) value.Dispose();
        return result;
    }

    public void Dispose() => _session.Dispose();

    private static OrtValue Value(Array values, long[] shape) => values switch
    {
        float[] numbers => OrtValue.CreateTensorValueFromMemory(numbers, shape),
        long[] numbers when values.GetType() == typeof(long[]) => OrtValue.CreateTensorValueFromMemory(numbers, shape),
        double[] numbers => OrtValue.CreateTensorValueFromMemory(numbers, shape),
        int[] numbers when values.GetType() == typeof(int[]) => OrtValue.CreateTensorValueFromMemory(numbers, shape), // also a uint[] to the runtime
        uint[] keys => OrtValue.CreateTensorValueFromMemory(keys, shape),
        bool[] bits => OrtValue.CreateTensorValueFromMemory(bits, shape),
        string[] texts => Texts(texts, shape),
        _ => throw new ArgumentException($"Unexpected {values.GetType()}.", nameof(values)),
    };

    private static OrtValue Texts(string[] texts, long[] shape)
    {
        OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (int i = 0; i < texts.Length; i++) value.StringTensorSetElementAt(texts[i], i);
        return value;
    }

    private static OrtValue Empty(NodeMetadata metadata, long batch)
    {
        long[] shape = [batch, .. metadata.Dimensions.Skip(1).Select(size => (long)Math.Max(size, 1))];
        int length = (int)shape.Aggregate((a, b) => a * b);
        return Value(
            metadata.IsString ? Enumerable.Repeat("", length).ToArray()
            : metadata.ElementType == typeof(bool) ? new bool[length]
            : metadata.ElementType == typeof(double) ? new double[length]
            : metadata.ElementType == typeof(uint) ? new uint[length]
            : metadata.ElementType == typeof(int) ? new int[length]
            : new float[length],
            shape);
    }
}
