using MlnetClip.TestKit;
using Parquet;
using Parquet.Schema;

namespace MlnetClip.Cli.Tests.Input;

/// <summary>A Parquet file gives the same results as a CSV file with the same values.</summary>
[TestClass]
public sealed class ParquetTests
{
    [TestMethod]
    public void AForecasterIsTrainedAndUsedAsFromCsv()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.parquet"), model = folder.File("model.zip");
        WriteSeries(data);
        ToolRun run = ToolRun.Of(SeriesFile.Train(data, model, "--json")).Succeeds();
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("metrics").GetRawText(), run.Json.GetProperty("metrics").GetRawText());
        string csv = ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data).Succeeds().Output;
        string parquet = ToolRun.Of("predict", "--model", model, "--data", data).Succeeds().Output;
        Assert.AreEqual(csv.Replace("20031101", "2003-11-01", StringComparison.Ordinal).Replace("20031108", "2003-11-08", StringComparison.Ordinal).Replace("20031115", "2003-11-15", StringComparison.Ordinal), parquet);
        ToolRun.Of(SeriesFile.Train(data, model, "--past", "levels")).IsRefused("--past must name a column of ", "Hint: did you mean 'level'?");
        ToolRun.Of("train", "forecasting", "--data", data, "--target", "note", "--window", "24", "--horizon", "3", "--model", model).IsRefused("row 1, column 3 ('note'): 'a' is not a number");
    }

    [TestMethod]
    public void SequencesAndLabelsAreReadToo()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("sequences.parquet"), model = folder.File("model.zip");
        DataField[] fields = [new DataField("a", typeof(float), false, false), new DataField("b", typeof(int), false, false), new DataField("kind", typeof(bool), false, false)];
        var random = new Random(1);
        float[] a = [.. Enumerable.Range(0, 80).Select(_ => random.NextSingle())];
        int[] b = [.. Enumerable.Range(0, 80).Select(_ => random.Next(3))];
        Write(data, fields, group =>
        {
            group.WriteAsync<float>(fields[0], a).GetAwaiter().GetResult();
            group.WriteAsync<int>(fields[1], b).GetAwaiter().GetResult();
            group.WriteAsync<bool>(fields[2], Array.ConvertAll(b, value => value > 1)).GetAwaiter().GetResult();
        });
        Assert.AreEqual(
            "binary_classification",
            ToolRun.Of("train", "classification", "--data", data, "--label", "kind", "--hidden", "2", "--epochs", "1", "--model", model, "--json").Succeeds().Json.GetProperty("task").GetString());
        Assert.HasCount(81, ToolRun.Of("predict", "--model", model, "--data", data).Succeeds().Output.TrimEnd('\n').Split('\n'));
    }

    [TestMethod]
    public void ADamagedFileIsSaid()
    {
        using var folder = new TemporaryFolder();
        string good = folder.File("good.parquet"), data = folder.File("damaged.parquet");
        WriteSeries(good);
        byte[] bytes = File.ReadAllBytes(good);
        foreach (int length in new[] { 4, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(data, bytes[..length]);
            ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"))).IsRefused($"--data '{data}' cannot be read as a Parquet file: ", "Hint: the file may be damaged.");
        }

        foreach (int at in new[] { 10, 60, 200, bytes.Length - 40, bytes.Length - 100, bytes.Length - 8 })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 0x55;
            File.WriteAllBytes(data, changed);
            ToolRun run = ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip")));
            Assert.IsTrue(run.ExitCode is 0 or 2, run.Error);
            Assert.DoesNotContain("   at ", run.Error);
        }
    }

    private static void WriteSeries(string path)
    {
        DataField[] fields = [new DataField("date", typeof(DateTime), false, false), new DataField("level", typeof(double), true, false), new DataField("note", typeof(string), true, false)];
        DateTime[] dates = [.. Enumerable.Range(0, SeriesFile.Rows).Select(row => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(7 * row))];
        Write(path, fields, group =>
        {
            group.WriteAsync<DateTime>(fields[0], dates).GetAwaiter().GetResult();
            group.WriteAsync<double>(fields[1], Enumerable.Range(0, SeriesFile.Rows).Select(SeriesFile.Value).ToArray().AsMemory()).GetAwaiter().GetResult();
            group.WriteAsync(fields[2], Enumerable.Range(0, SeriesFile.Rows).Select(_ => "a").ToArray()).GetAwaiter().GetResult();
        });
    }

    private static void Write(string path, DataField[] fields, Action<ParquetRowGroupWriter> write)
    {
        using FileStream stream = File.Create(path);
        ParquetWriter writer = ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).GetAwaiter().GetResult();
        using (ParquetRowGroupWriter group = writer.CreateRowGroup()) write(group);
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
