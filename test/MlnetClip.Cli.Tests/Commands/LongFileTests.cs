using System.Globalization;
using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Models over sequences from long files, whose rows are time steps and a column names the sequence.</summary>
[TestClass]
public sealed class LongFileTests
{
    private const int Sequences = 80, Steps = 5;

    private static readonly TemporaryFolder Folder = new();
    private static readonly string Wide = WriteWide(), Long = WriteLong("long.csv", Rows());
    private static readonly string[] Sizes = ["--hidden", "6", "--epochs", "6", "--learning-rate", "0.02", "--batch", "16"];
    private static readonly string[] Columns = ["--sequence", "trip", "--time", "at", "--features", "speed,turn"];

    [ClassCleanup]
    public static void Remove() => Folder.Dispose();

    /// <summary>The same sequences from a wide and a long file give the same model.</summary>
    [TestMethod]
    [DataRow("regression", "mean", "mean")]
    [DataRow("classification", "kind", "kind")]
    [DataRow("labeling", "l0,l1,l2,l3,l4", "mode")]
    public void TheModelIsThatOfTheWideFile(string command, string wideLabel, string longLabel)
    {
        string wide = Folder.File($"wide-{command}.zip"), model = Folder.File($"long-{command}.zip");
        string[] features = ["--features", string.Join(',', Enumerable.Range(0, Steps).SelectMany(t => new[] { $"speed{t}", $"turn{t}" })), "--features-per-step", "2"];
        JsonElement expected = ToolRun.Of(["train", command, "--data", Wide, "--label", wideLabel, .. features, .. Sizes, "--model", wide, "--json"]).Succeeds().Json;
        ToolRun run = ToolRun.Of(["train", command, "--data", Long, "--label", longLabel, .. Columns, .. Sizes, "--model", model, "--json"]).Succeeds();
        StringAssert.Contains(run.Error, "Training on 64 of 80 sequences of ");
        Assert.AreEqual(expected.GetProperty("metrics").GetRawText(), run.Json.GetProperty("metrics").GetRawText());
        Assert.AreEqual(run.Json.GetProperty("metrics").GetRawText(), ToolRun.Of("evaluate", "--model", model, "--data", Long, "--json").Succeeds().Json.GetProperty("metrics").GetRawText());
        StringAssert.Contains(ToolRun.Of("evaluate", "--model", model, "--data", Long).Succeeds().Output, "Evaluated on 16 held-out sequences of 80");

        string[] known = Lines(ToolRun.Of("predict", "--model", wide, "--data", Wide).Succeeds()), found = Lines(ToolRun.Of("predict", "--model", model, "--data", Long).Succeeds());
        bool steps = command == "labeling";
        StringAssert.StartsWith(found[0], steps ? "trip,at,prediction,probability" : "trip,prediction");
        Assert.HasCount(known.Length, found);
        for (int i = 1; i < found.Length; i++)
        {
            string[] one = known[i].Split(','), other = found[i].Split(',');
            Assert.AreEqual($"t{one[0]}", other[0]);
            if (steps) Assert.AreEqual(Time(int.Parse(one[0], CultureInfo.InvariantCulture), int.Parse(one[1], CultureInfo.InvariantCulture) - 1), other[1]);
            Assert.AreSequenceEqual(one[(steps ? 2 : 1)..], other[(steps ? 2 : 1)..]);
        }

        string shown = ToolRun.Of("inspect", model).Succeeds().Output.Replace("\n", " ", StringComparison.Ordinal);
        StringAssert.Contains(shown, "a row for each time step of a sequence in 'trip'");
    }

    [TestMethod]
    public void RowsMayBeMixedAndSequencesOfAnyLength()
    {
        string model = Folder.File("mixed.zip"), mixed = WriteLong("mixed.csv", Rows().Where((_, i) => i % 7 != 3).OrderBy(row => row.Step)), unlabeled = Folder.File("unlabeled.csv");
        ToolRun.Of(["train", "labeling", "--data", mixed, "--label", "mode", .. Columns, .. Sizes, "--model", model]).Succeeds();
        File.WriteAllLines(unlabeled, File.ReadLines(mixed).Select(line => string.Join(',', line.Split(',')[..4])));
        ToolRun run = ToolRun.Of("predict", "--model", model, "--data", unlabeled, "--json").Succeeds();
        JsonElement[] predictions = [.. run.Json.GetProperty("predictions").EnumerateArray()];
        Assert.HasCount(File.ReadLines(mixed).Count() - 1, predictions);
        Assert.AreEqual(("t0", Time(0, 0)), (predictions[0].GetProperty("sequence").GetString(), predictions[0].GetProperty("time").GetString()));
        Assert.AreEqual(
            ToolRun.Of("predict", "--model", model, "--data", mixed).Output, ToolRun.Of("predict", "--model", model, "--data", unlabeled).Output);
        string renamed = Folder.File("renamed.csv");
        File.WriteAllText(renamed, File.ReadAllText(mixed).Replace("trip,", "ride,", StringComparison.Ordinal));
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", model, "--data", renamed, "--sequence", "ride").Succeeds().Output, "ride,at,");
        File.WriteAllText(renamed, File.ReadAllText(mixed).Replace(",at,", ",when,", StringComparison.Ordinal));
        ToolRun.Of("predict", "--model", model, "--data", renamed).IsRefused("--time must name a column of", "there is no 'at'");
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", model, "--data", renamed, "--time", "when").Succeeds().Output, "trip,when,");
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", model, "--data", renamed, "--no-time").Succeeds().Output, "trip,step,");
        Assert.AreEqual(ToolRun.Of("evaluate", "--model", model, "--data", mixed).Succeeds().Output, ToolRun.Of("evaluate", "--model", model, "--data", renamed, "--time", "when").Succeeds().Output);
        ToolRun.Of("predict", "--model", model, "--data", renamed, "--time", "when", "--time-format", "o").IsRefused("--time-format must not be given", "is a model over sequences (labeling)");
    }

    [TestMethod]
    public void TheOptionsOfTheModelTrainItAgainAndASearchReadsLongFilesToo()
    {
        string first = Folder.File("first.zip"), config = Folder.File("config.json"), tuned = Folder.File("tuned.zip");
        JsonElement one = ToolRun.Of(["train", "labeling", "--data", Long, "--label", "mode", .. Columns, .. Sizes, "--model", first, "--json"]).Succeeds().Json;
        ToolRun.Of("inspect", first, "--config", config).Succeeds();
        JsonElement two = ToolRun.Of("train", "labeling", "--config", config, "--data", Long, "--model", Folder.File("second.zip"), "--json").Succeeds().Json;
        Assert.AreEqual(one.GetProperty("metrics").GetRawText(), two.GetProperty("metrics").GetRawText());
        ToolRun.Of(["tune", "labeling", "--data", Long, "--label", "mode", .. Columns, "--hidden", "3", "--epochs", "2", "--trials", "4", "--workers", "2", "--model", tuned]).Succeeds();
        ToolRun.Of("evaluate", "--model", tuned, "--data", Long).Succeeds();
    }

    [TestMethod]
    public void WhatIsWrongWithALongFileIsSaid()
    {
        string model = Folder.File("wrong.zip");
        ToolRun Train(string data, params string[] more) => ToolRun.Of(["train", "labeling", "--data", data, "--label", "mode", .. more, .. Sizes, "--model", model]);
        Train(Long, "--time", "at").IsRefused("--time needs --sequence COLUMN");
        ToolRun.Of("train", "labeling", "--data", Long, "--label", "mode,kind", "--sequence", "trip", "--model", model).IsRefused("--label must name one column with --sequence, but was 'mode,kind'.");
        Train(Long, "--sequence", "mode").IsRefused("--sequence must name a column that no other option names, but was 'mode'.");
        Train(Long, "--sequence", "trp").IsRefused("--sequence must name a column of", "Hint: did you mean 'trip'?");
        Train(Long, [.. Columns, "--features-per-step", "3"]).IsRefused("--features-per-step must be 2 or left out with --sequence, because a row has that many columns of features, but was 3.");
        Train(Long, "--features", "speed,turn").IsRefused("For a file with a row for each time step, name the column of the sequence with --sequence.");
        Train(WriteLong("order.csv", Rows().Reverse()), Columns).IsRefused("line 3, column 2 ('at')", "the times must increase");
        File.WriteAllText(Folder.File("numbers.csv"), "trip,at,speed,turn,mode\na,1,1,2,x\na,1,1,2,y\n");
        Train(Folder.File("numbers.csv"), Columns).IsRefused("line 3, column 2 ('at'): the numbers must increase from row to row of sequence 'a', but '1' is not above '1' on line 2.");
        File.WriteAllText(Folder.File("unnamed.csv"), "trip,at,speed,turn,mode\n,1,1,2,x\n");
        Train(Folder.File("unnamed.csv"), Columns).IsRefused("every row must say which sequence it belongs to");

        string wide = Folder.File("wide.zip");
        ToolRun.Of(["train", "regression", "--data", Wide, "--label", "mean", "--features", "speed0,speed1", .. Sizes, "--model", wide]).Succeeds();
        ToolRun.Of("predict", "--model", wide, "--data", Wide, "--sequence", "kind").IsRefused("--sequence must not be given: the model '", "was trained on a file in which each row is a sequence.");
    }

    private static string[] Lines(ToolRun run) => run.Output.TrimEnd('\n').Split('\n');

    private static string Time(int sequence, int step) => new DateTime(2024, 1, 1).AddDays(sequence).AddMinutes(10 * step).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static IEnumerable<(int Sequence, int Step)> Rows() => from sequence in Enumerable.Range(0, Sequences) from step in Enumerable.Range(0, Steps) select (sequence, step);

    private static double Speed(int sequence, int step) => Math.Round(Math.Sin(sequence * 1.7) + (step * ((sequence % 3) - 1)), 3);

    private static double Turn(int sequence, int step) => Math.Round(Math.Cos((sequence * 0.9) + step), 3);

    private static string Mode(int sequence, int step) => Speed(sequence, step) > 1 ? "fast" : Turn(sequence, step) > 0.5 ? "turn" : "slow";

    private static string Kind(int sequence) => (sequence % 3) switch { 0 => "brake", 1 => "cruise", _ => "race" };

    private static string Mean(int sequence) => Enumerable.Range(0, Steps).Average(step => Speed(sequence, step)).ToString("F4", CultureInfo.InvariantCulture);

    private static string WriteLong(string name, IEnumerable<(int Sequence, int Step)> rows)
    {
        File.WriteAllLines(Folder.File(name), ["trip,at,speed,turn,mode,kind,mean", .. rows.Select(row => FormattableString.Invariant(
            $"t{row.Sequence},{Time(row.Sequence, row.Step)},{Speed(row.Sequence, row.Step)},{Turn(row.Sequence, row.Step)},{Mode(row.Sequence, row.Step)},{Kind(row.Sequence)},{Mean(row.Sequence)}"))]);
        return Folder.File(name);
    }

    private static string WriteWide()
    {
        string header = string.Join(',', Enumerable.Range(0, Steps).Select(t => $"speed{t},turn{t},l{t}")) + ",kind,mean";
        IEnumerable<string> rows = Enumerable.Range(0, Sequences).Select(s => string.Join(',', Enumerable.Range(0, Steps).Select(t => FormattableString.Invariant($"{Speed(s, t)},{Turn(s, t)},{Mode(s, t)}"))) + $",{Kind(s)},{Mean(s)}");
        File.WriteAllLines(Folder.File("wide.csv"), [header, .. rows]);
        return Folder.File("wide.csv");
    }
}
