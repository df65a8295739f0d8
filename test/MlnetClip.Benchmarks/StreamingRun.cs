using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;

namespace MlnetClip.Benchmarks;

/// <summary>Training on a text file of many rows through a shuffle buffer: the time and the largest memory of the process.</summary>
internal static class StreamingRun
{
    private const int Steps = 6, PerStep = 2;

    /// <summary>Writes the file, trains one epoch, and prints the figures.</summary>
    /// <param name="rows">Rows of the file, 1000 or more.</param>
    public static void Run(int rows)
    {
        if (rows < 1000) throw new ArgumentException($"stream: --rows must be 1000 or more, but was {rows}.");
        string path = Path.Combine(Path.GetTempPath(), $"mlnetclip-stream-{Environment.ProcessId}.csv");
        try
        {
            Write(path, rows);
            Console.WriteLine($"{Machine.Describe()}");
            Console.WriteLine($"file: {rows} rows of {Steps} time steps with {PerStep} values, {new FileInfo(path).Length / (1 << 20)} MiB");
            var watch = Stopwatch.StartNew();
            LstmTrainingReport training = Fit(path);
            Console.WriteLine($"fit: {training.TrainingSequences} sequences for training, {training.ValidationSequences} for validation, {training.Epochs} epoch, validation loss {training.ValidationLoss:F4}, {watch.Elapsed.TotalSeconds:F0} s");
            Console.WriteLine($"largest memory of the process: {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MiB");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static LstmTrainingReport Fit(string path)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            Separators = [','],
            Columns = [new TextLoader.Column("Label", DataKind.Boolean, 0), new TextLoader.Column("Features", DataKind.Single, 1, Steps * PerStep)],
        });
        return mlContext.BinaryClassification.Trainers.Lstm(new LstmBinaryTrainer.Options
        {
            FeaturesPerStep = PerStep, HiddenSize = 8, BatchSize = 512, NumberOfEpochs = 1, LearningRate = 0.005f, ShuffleBufferSize = 100_000,
        }).Fit(data).Training;
    }

    /// <summary>Noise and a pulse; the label says whether the pulse is in the first half of the sequence.</summary>
    private static void Write(string path, int rows)
    {
        var random = new SeededRandom(1);
        using var writer = new StreamWriter(path, append: false, System.Text.Encoding.ASCII, bufferSize: 1 << 20);
        Span<char> digits = stackalloc char[4];
        for (int row = 0; row < rows; row++)
        {
            int at = random.NextInt32(Steps);
            writer.Write(at < Steps / 2 ? '1' : '0');
            for (int t = 0; t < Steps; t++)
            {
                for (int f = 0; f < PerStep; f++)
                {
                    int value = random.NextInt32(50) + (t == at && f == 0 ? 50 : 0);
                    value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                    writer.Write(',');
                    writer.Write(digits[..length]);
                }
            }

            writer.Write('\n');
        }
    }
}
