using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>TensorBoard's files, read back by a reader of this test that shares no code with the writer.</summary>
[TestClass]
public sealed class TensorBoardTests
{
    [TestMethod]
    public void EveryStepAndEpochIsReadBack()
    {
        using var folder = new TemporaryFolder();
        var recorder = new StepRecorder();
        using (var log = new TensorBoardLog(folder.File("run"))) Fit(FitObservers.Of(log, recorder)!);

        List<Event> events = Read(Directory.GetFiles(folder.File("run")).Single());

        Assert.AreEqual("brain.Event:2", events[0].Version);
        Event[] steps = [.. events.Where(e => e.Scalars.ContainsKey("step/loss"))];
        Assert.AreSequenceEqual(recorder.Reports.Select(report => report.Step).ToArray(), steps.Select(e => e.Step).ToArray());
        Assert.AreSequenceEqual(recorder.Reports.Select(report => (float)report.Clip.NormBefore).ToArray(), steps.Select(e => e.Scalars["step/gradient norm before clipping"]).ToArray());
        Assert.AreSequenceEqual(recorder.Reports.Select(report => (float)report.Clip.NormAfter).ToArray(), steps.Select(e => e.Scalars["step/gradient norm after clipping"]).ToArray());
        Event[] epochs = [.. events.Where(e => e.Scalars.ContainsKey("epoch/training loss"))];
        Assert.AreSequenceEqual(recorder.Epochs.Select(epoch => (float)epoch.ValidationLoss!.Value).ToArray(), epochs.Select(e => e.Scalars["epoch/validation loss"]).ToArray());
        Assert.AreSequenceEqual(["epoch/gradient norm", "epoch/gradient norm/head", "epoch/gradient norm/layer 0"], epochs[0].Histograms.Keys.Order(StringComparer.Ordinal).ToArray());
        int perEpoch = recorder.Reports.Count / recorder.Epochs.Count;
        double[] norms = [.. recorder.Reports.Take(perEpoch).Select(report => report.Clip.NormBefore)];
        Histogram whole = epochs[0].Histograms["epoch/gradient norm"];
        Assert.AreEqual((norms.Min(), norms.Max(), perEpoch), (whole.Min, whole.Max, (int)whole.Num));
        Assert.AreEqual(norms.Sum(), whole.Sum, 1e-9);
        Assert.AreEqual(perEpoch, whole.Buckets.Sum());
        for (int i = 0, below = 0; i < whole.Limits.Length; i++)
        {
            below += (int)whole.Buckets[i];
            Assert.AreEqual(below, norms.Count(norm => norm <= whole.Limits[i]), $"up to {whole.Limits[i]}");
        }
    }

    [TestMethod]
    public void ALongFitIsThinnedToTheLargestNorms()
    {
        using var folder = new TemporaryFolder();
        using (var log = new TensorBoardLog(folder.Path))
        {
            log.OnFitBegun(new FitDescription(1, GradientClipping.None, new Dictionary<string, string>(), "", false, null) { StepsPerEpoch = 30_000 });
            for (int i = 0; i < 30_000; i++) log.OnStep(new StepReport(i, 1, i, 1, 0.1f, new ClipReport { NormBefore = i == 17_000 ? 99 : 1 + (i % 3), NormAfter = 1 }));
            log.OnEpoch(new EpochReport(1, 1, null, true, 0.1f, 1, 99, 0, 0));
        }

        Event[] steps = [.. Read(Directory.GetFiles(folder.Path).Single()).Where(e => e.Scalars.ContainsKey("step/loss"))];

        Assert.HasCount(10_000, steps);
        Assert.AreEqual(99, steps.Single(e => e.Step == 17_000).Scalars["step/gradient norm before clipping"]);
        Assert.AreEqual(3, steps.Where(e => e.Step != 17_000).Min(e => e.Scalars["step/gradient norm before clipping"]));
    }

    [TestMethod]
    public void TheChecksumIsCastagnolis() =>
        Assert.AreEqual(Mask(0xE3069283), TensorBoard.RecordWriter.Masked("123456789"u8)); // the check value of CRC-32C

    private static void Fit(IFitObserver observer) => Reported.Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 12, Horizon = 4, HiddenSize = 4, NumberOfEpochs = 2, NumberOfThreads = 1, Observer = observer,
    }).Fit(Reported.Context.Data.TakeRows(Reported.LoadCo2(), 300));

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8;

    private static List<Event> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var events = new List<Event>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.AreEqual(Mask(Crc(file.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            ReadOnlySpan<byte> data = file.AsSpan(at + 12, length);
            Assert.AreEqual(Mask(Crc(data)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            events.Add(Event.Read(data.ToArray()));
            at += 16 + length;
        }

        return events;
    }

    /// <summary>CRC-32C bit by bit.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }

    /// <summary>The fields of a protocol buffer in their order.</summary>
    private static IEnumerable<(int Field, byte[] Bytes, ulong Number)> Fields(byte[] message)
    {
        int at = 0;
        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = message[at++];
                value |= (ulong)(b & 0x7F) << shift;
                if (b < 0x80) return value;
            }
        }

        while (at < message.Length)
        {
            ulong tag = Varint();
            int size = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, _ => (int)Varint() };
            if ((tag & 7) == 0) yield return ((int)(tag >> 3), [], Varint());
            else yield return ((int)(tag >> 3), message[at..(at += size)], 0);
        }
    }

    private static double[] Doubles(byte[] bytes) => [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToDouble(bytes, 8 * i))];

    private sealed record Histogram(double Min, double Max, double Num, double Sum, double[] Limits, double[] Buckets);

    private sealed class Event
    {
        public long Step { get; private set; }

        public string? Version { get; private set; }

        public Dictionary<string, float> Scalars { get; } = [];

        public Dictionary<string, Histogram> Histograms { get; } = [];

        public static Event Read(byte[] message)
        {
            var read = new Event();
            foreach (var (field, bytes, number) in Fields(message))
            {
                if (field == 2) read.Step = (long)number;
                if (field == 3) read.Version = Encoding.UTF8.GetString(bytes);
                if (field == 5) foreach (var value in Fields(bytes)) read.AddValue(value.Bytes);
            }

            return read;
        }

        private void AddValue(byte[] message)
        {
            var fields = Fields(message).ToArray();
            string tag = Encoding.UTF8.GetString(fields.Single(field => field.Field == 1).Bytes);
            foreach (var (field, bytes, _) in fields)
            {
                if (field == 2) Scalars.Add(tag, BitConverter.ToSingle(bytes));
                if (field != 5) continue;
                double[] Of(int number) => [.. Fields(bytes).Where(part => part.Field == number).SelectMany(part => Doubles(part.Bytes))];
                Histograms.Add(tag, new Histogram(Of(1)[0], Of(2)[0], Of(3)[0], Of(4)[0], Of(6), Of(7)));
            }
        }
    }
}
