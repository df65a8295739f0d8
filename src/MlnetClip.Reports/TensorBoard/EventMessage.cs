using Google.Protobuf;

namespace MlnetClip.Reports.TensorBoard;

/// <summary>
/// An event of TensorBoard as a protocol buffer: Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5 }, Summary { repeated Value value = 1 },
/// Value { string tag = 1; float simple_value = 2; HistogramProto histo = 5 }, HistogramProto { double min = 1, max = 2, num = 3, sum = 4, sum_squares = 5; repeated double
/// bucket_limit = 6, bucket = 7 }.
/// </summary>
internal sealed class EventMessage(double wallTime, long step)
{
    private readonly List<byte[]> _values = [];

    /// <summary>The version of the file's format, for the first event.</summary>
    public string? FileVersion { get; init; }

    /// <summary>Adds a number; nothing where it is not finite.</summary>
    public EventMessage Add(string tag, double value)
    {
        if (double.IsFinite(value)) AddValue(tag, output =>
        {
            output.WriteTag(2, WireFormat.WireType.Fixed32);
            output.WriteFloat((float)value);
        });
        return this;
    }

    /// <summary>Adds a histogram; nothing where it has no values.</summary>
    public EventMessage Add(string tag, LogHistogram histogram)
    {
        if (histogram.Count > 0) AddValue(tag, output => WriteBytes(output, 5, Message(inner =>
        {
            double[] figures = [histogram.Smallest, histogram.Largest, histogram.Count, histogram.Sum, histogram.SumOfSquares];
            for (int i = 0; i < figures.Length; i++) WriteDouble(inner, i + 1, figures[i]);
            WritePacked(inner, 6, [.. histogram.Buckets.Select(bucket => bucket.UpperLimit)]);
            WritePacked(inner, 7, [.. histogram.Buckets.Select(bucket => (double)bucket.Count)]);
        })));
        return this;
    }

    /// <summary>The message.</summary>
    public byte[] ToBytes() => Message(output =>
    {
        WriteDouble(output, 1, wallTime);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        if (FileVersion is not null) WriteBytes(output, 3, System.Text.Encoding.UTF8.GetBytes(FileVersion));
        if (_values.Count == 0) return;
        WriteBytes(output, 5, Message(summary =>
        {
            foreach (byte[] value in _values) WriteBytes(summary, 1, value);
        }));
    });

    private void AddValue(string tag, Action<CodedOutputStream> write) => _values.Add(Message(output =>
    {
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(tag);
        write(output);
    }));

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }

    private static void WriteDouble(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static void WritePacked(CodedOutputStream output, int field, double[] values)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Length * sizeof(double));
        foreach (double value in values) output.WriteDouble(value);
    }
}
