using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Regression, classification and labeling of sequences: train, evaluate, predict and inspect.</summary>
[TestClass]
public sealed class SequencesTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Write();
    private static readonly string[] Sizes = ["--hidden", "6", "--epochs", "30", "--learning-rate", "0.02", "--batch", "16"];
    private static readonly string[] Features = ["--features", "a,b,c,d"];

    [ClassCleanup]
    public static void Remove() => Folder.Dispose();

    [TestMethod]
    public void OneClassIsNothingToLearnAndNothingToCompare()
    {
        using var folder = new TemporaryFolder();
        string one = folder.File("one.csv"), two = folder.File("two.csv"), model = folder.File("model.zip");
        File.WriteAllLines(one, ["a,b,kind", .. Enumerable.Range(0, 30).Select(i => $"{i % 7},{i % 3},x")]);
        File.WriteAllLines(two, ["a,b,kind", .. Enumerable.Range(0, 30).Select(i => $"{i % 7},{i % 3},{(i == 3 ? "y" : "x")}")]);
        string[] Train(string data, int seed) => ["train", "classification", "--data", data, "--label", "kind", "--hidden", "2", "--epochs", "1", "--seed", $"{seed}", "--model", model];
        ToolRun.Of(Train(one, 1)).IsRefused("--label must have two classes or more in the rows that are trained on, but every label there is 'x'.", "Hint: check the name of the column.");
        ToolRun[] runs = [.. Enumerable.Range(1, 12).Select(seed => ToolRun.Of(Train(two, seed)))];
        foreach (ToolRun run in runs)
        {
            if (run.ExitCode == 0) StringAssert.Contains(run.Output.Replace("\n", " ", StringComparison.Ordinal), "Every label of these rows is of one class, so accuracy cannot tell");
            else run.IsRefused("'x'.", "Hint: "); // of the rows for training, or of those without the validation rows
        }

        Assert.IsTrue(runs.Any(run => run.ExitCode == 0) && runs.Any(run => run.ExitCode != 0));
    }

    [TestMethod]
    [DataRow("regression", "mean", "rmse", "regression")]
    [DataRow("classification", "high", "accuracy", "binary_classification")]
    [DataRow("classification", "kind", "accuracy", "multiclass_classification")]
    [DataRow("labeling", "l1,l2,l3,l4", "accuracy", "labeling")]
    [DataRow("labelling", "l1,l2,l3,l4", "accuracy", "labeling")]
    public void EveryTaskGoesThroughEveryCommand(string command, string label, string metric, string task)
    {
        string model = Folder.File($"{command}-{label}.zip");
        JsonElement trained = ToolRun.Of(["train", command, "--data", Data, "--label", label, .. Features, .. Sizes, "--model", model, "--json"]).Succeeds().Json;
        Assert.AreEqual(task, trained.GetProperty("task").GetString());
        double value = trained.GetProperty("metrics").GetProperty(metric).GetDouble(), naive = trained.GetProperty("naive").GetDouble();
        if (metric == "rmse") Assert.IsLessThan(naive / 2, value);
        else Assert.IsGreaterThan(naive + 0.1, value);
        Assert.AreEqual(60, trained.GetProperty("evaluation").GetProperty("evaluated").GetInt32());

        JsonElement evaluated = ToolRun.Of("evaluate", "--model", model, "--data", Data, "--json").Succeeds().Json;
        Assert.AreEqual(trained.GetProperty("metrics").GetRawText(), evaluated.GetProperty("metrics").GetRawText());
        StringAssert.Contains(ToolRun.Of("evaluate", "--model", model, "--data", Data).Succeeds().Output, "Evaluated on 60 held-out rows of 300");

        string[] lines = ToolRun.Of("predict", "--model", model, "--data", Data).Succeeds().Output.TrimEnd('\n').Split('\n');
        StringAssert.StartsWith(lines[0], task == "labeling" ? "row,step,prediction,probability" : "row,prediction");
        Assert.HasCount(1 + (task == "labeling" ? 4 * 300 : 300), lines);
        string[] columns = File.ReadLines(Data).First().Split(',');
        int at = Array.IndexOf(columns, label.Split(',')[0]);
        string[] labels = [.. File.ReadLines(Data).Skip(1).Select(line => line.Split(',')[at])];
        if (task is "binary_classification" or "multiclass_classification")
        {
            int right = lines[1..].Count(line => line.Split(',')[1] == labels[int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)]);
            Assert.IsGreaterThan(240, right);
        }

        JsonElement predicted = ToolRun.Of("predict", "--model", model, "--data", Data, "--json").Succeeds().Json;
        Assert.AreEqual(task, predicted.GetProperty("task").GetString());
        Assert.AreEqual(300, predicted.GetProperty("rows").GetInt32());
        Assert.AreEqual(task, ToolRun.Of("inspect", model, "--json").Succeeds().Json.GetProperty("task").GetString());
        StringAssert.Contains(ToolRun.Of("inspect", model).Succeeds().Output, "4 feature columns from 'a' to 'd'");
        Assert.IsNotNull(new MLContext().Model.Load(model, out DataViewSchema schema));
        Assert.AreEqual("Vector<Single, 4>", schema["Features"].Type.ToString());
    }

    [TestMethod]
    public void DigitsAreReadAsInTheExampleOfTheDocumentation()
    {
        string csv = Path.Combine(RepositoryFiles.Root, "samples", "data", "digits.csv"), model = Folder.File("digits.zip");
        JsonElement json = ToolRun.Of(
            "train", "classification", "--data", csv, "--no-header", "--label", "65", "--features-per-step", "8", "--hidden", "64", "--bidirectional", "--dropout", "0.3",
            "--recurrent-dropout", "0.3", "--epochs", "60", "--learning-rate", "0.005", "--schedule", "cosine", "--validation", "0", "--model", model, "--json").Succeeds().Json;
        Assert.IsGreaterThanOrEqualTo(0.97, json.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        Assert.AreEqual("multiclass_classification", json.GetProperty("task").GetString());
        StringAssert.StartsWith(ToolRun.Of("predict", "--model", model, "--data", csv).Succeeds().Output, "row,prediction,probability.");
    }

    [TestMethod]
    public void AShorterRowIsAShorterSequenceAndAMissingValueIsNone()
    {
        string model = Folder.File("lengths.zip");
        string text = File.ReadAllText(Data);
        string[] lines = text.TrimEnd('\n').Split('\n');
        for (int i = 1; i < lines.Length; i += 3) lines[i] = Replace(lines[i], 3, "");
        File.WriteAllLines(Folder.File("lengths.csv"), lines);
        ToolRun.Of(["train", "classification", "--data", Folder.File("lengths.csv"), "--label", "kind", .. Features, .. Sizes, "--model", model]).Succeeds();
        lines[5] = Replace(lines[5], 1, "");
        File.WriteAllLines(Folder.File("missing.csv"), lines);
        ToolRun run = ToolRun.Of("predict", "--model", model, "--data", Folder.File("missing.csv")).Succeeds();
        StringAssert.Contains(run.Error, "1 row has no prediction and is omitted: a sequence is empty, or has a missing value within it.");
        Assert.DoesNotContain("\n4,", run.Output);

        static string Replace(string line, int field, string value)
        {
            string[] fields = line.Split(',');
            fields[field] = value;
            return string.Join(',', fields);
        }
    }

    [TestMethod]
    [DataRow("regression", "mean")]
    [DataRow("classification", "kind")]
    [DataRow("labeling", "l1,l2,l3,l4")]
    public void ASearchFindsTheClippingOfEveryTask(string command, string label)
    {
        string model = Folder.File($"tuned-{command}.zip");
        JsonElement json = ToolRun.Of(
            ["tune", command, "--data", Data, "--label", label, .. Features, "--hidden", "4", "--epochs", "3", "--trials", "6", "--workers", "2", "--model", model, "--json"]).Succeeds().Json;
        Assert.AreEqual(model, json.GetProperty("model").GetString());
        Assert.AreEqual(60, json.GetProperty("sequences").GetProperty("evaluation").GetProperty("evaluated").GetInt32());
        Assert.AreEqual(
            json.GetProperty("sequences").GetProperty("metrics").EnumerateObject().First().Value.GetDouble(),
            ToolRun.Of("evaluate", "--model", model, "--data", Data, "--json").Succeeds().Json.GetProperty("metrics").EnumerateObject().First().Value.GetDouble());
    }

    [TestMethod]
    public void PredictNeedsNoLabels()
    {
        string model = Folder.File("unlabeled.zip");
        ToolRun.Of(["train", "classification", "--data", Data, "--label", "kind", .. Features, .. Sizes, "--model", model]).Succeeds();
        File.WriteAllLines(Folder.File("unlabeled.csv"), File.ReadLines(Data).Select(line => string.Join(',', line.Split(',')[..4])));
        Assert.AreEqual(
            ToolRun.Of("predict", "--model", model, "--data", Data).Succeeds().Output, ToolRun.Of("predict", "--model", model, "--data", Folder.File("unlabeled.csv")).Succeeds().Output);
        ToolRun.Of("evaluate", "--model", model, "--data", Folder.File("unlabeled.csv")).IsRefused("--label must name a column of ", "but there is no 'kind'");
        ToolRun.Of("predict", "--model", model, "--data", Data, "--from", "3").IsRefused("--from must not be given", "is a model over sequences (multiclass classification)");
        ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--label", "level").IsRefused("--label must not be given", "is a forecaster");
    }

    [TestMethod]
    [DataRow(new[] { "classification", "--label", "knid" }, "--label must name a column of ", "Hint: did you mean 'kind'?")]
    [DataRow(new[] { "classification", "--label", "kind,mean" }, "--label must name one column, but was 'kind,mean'.", "")]
    [DataRow(new[] { "classification", "--label", "a" }, "--label and --features must name different columns, but both name 'a'.", "")]
    [DataRow(new[] { "classification", "--label", "kind", "--features-per-step", "3" }, "--features-per-step must divide the 4 columns of features into whole time steps, but was 3.", "")]
    [DataRow(new[] { "regression", "--label", "kind" }, "('kind'): 'low' is not a number", "")]
    [DataRow(new[] { "labeling", "--label", "l1,l2" }, "--label must name a column for each of the 4 time steps, but names 2", "Hint: ")]
    [DataRow(new[] { "classification", "--label", "kind", "--weight", "wieght" }, "--weight must name a column of ", "")]
    [DataRow(new[] { "classification", "--label", "kind", "--cell", "lsmt" }, "--cell must be one of Lstm, Gru, RnnTanh, RnnRelu, but was 'lsmt'.", "")]
    [DataRow(new[] { "classification", "--label", "kind", "--patience", "2", "--validation", "0" }, "--patience uses the validation loss", "")]
    [DataRow(new[] { "classification", "--label", "constant" }, "--label must have two classes or more in the rows that are trained on, but every label there is 'same'.", "")]
    public void WrongArgumentsAreRefused(string[] arguments, string first, string second)
    {
        string model = Folder.File("wrong.zip");
        ToolRun.Of(["train", arguments[0], "--data", Data, .. Features, "--epochs", "1", "--model", model, .. arguments[1..]]).IsRefused(first, second);
        Assert.IsFalse(File.Exists(model));
    }

    /// <summary>Sequences of four values, whose mean decides the labels; each step has a label of its own.</summary>
    private static string Write()
    {
        var text = new StringBuilder("a,b,c,d,mean,high,kind,l1,l2,l3,l4,constant\n");
        var random = new Random(1);
        for (int row = 0; row < 300; row++)
        {
            double[] values = [.. Enumerable.Range(0, 4).Select(_ => Math.Round(random.NextDouble(), 3))];
            double mean = values.Average();
            string kind = mean < 0.4 ? "low" : mean < 0.6 ? "middle" : "high";
            text.Append(CultureInfo.InvariantCulture, $"{string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))},{mean},{(mean > 0.5 ? "true" : "false")},{kind},");
            text.Append(string.Join(',', values.Select(value => value > 0.5 ? "up" : "down"))).Append(",same\n");
        }

        string path = Folder.File("sequences.csv");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
