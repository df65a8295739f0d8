using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class EvaluateTests
{
    [TestMethod]
    public void ReproducesTheNumbersOfTrain()
    {
        JsonElement trained = TrainedModel.Run.Json;
        JsonElement evaluated = Evaluate("--json").Json;
        CollectionAssert.AreEqual(Names(trained), Names(evaluated));
        foreach (string name in Names(trained).Where(name => name != "seconds"))
            Assert.AreEqual(trained.GetProperty(name).GetRawText(), evaluated.GetProperty(name).GetRawText(), name);
    }

    [TestMethod]
    public void ForPeopleItIsATable() => StringAssert.Contains(Evaluate().Output, "LSTM, norm:1");

    [TestMethod]
    public void FromAndSeasonCanBeNamed()
    {
        JsonElement evaluation = Evaluate("--from", "180", "--season", "6", "--json").Json.GetProperty("evaluation");
        Assert.AreEqual(180, evaluation.GetProperty("from").GetInt32());
        Assert.AreEqual(6, evaluation.GetProperty("season").GetInt32());
        Assert.AreEqual(19, evaluation.GetProperty("origins").GetInt32());
        Assert.AreEqual((3 * 17) + 2 + 1, evaluation.GetProperty("pairs").GetInt32());
    }

    [TestMethod]
    public void WhatIsNotKnownIsNull() =>
        Assert.AreEqual(JsonValueKind.Null, Evaluate("--from", "0", "--json").Json.GetProperty("metrics").GetProperty("mase").ValueKind);

    [TestMethod]
    public void OtherDataAreToldApart()
    {
        using var folder = new TemporaryFolder();
        string other = SeriesFile.Write(folder.File("other.csv"), row => row == 0 ? "5" : null!);
        StringAssert.Contains(Evaluate(other).Error, "warning: the first 160 values");
        Assert.AreEqual("", Evaluate(TrainedModel.Data).Error);
    }

    [TestMethod]
    public void ARowMustBeThere()
    {
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--from", "200").IsRefused("--from must be below the 200 rows", "counted from 0");
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, "--from", "199").IsRefused("no row of", "after row 199");
        using var folder = new TemporaryFolder();
        string small = SeriesFile.Write(folder.File("small.csv"), rows: 160);
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", small).IsRefused("none is left to judge by", "--from");
    }

    [TestMethod]
    public void ColumnsCanBeNamedAnew()
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(TrainedModel.Data).Replace("date,level", "when,what", StringComparison.Ordinal);
        File.WriteAllText(folder.File("renamed.csv"), text);
        ToolRun.Of("evaluate", "--model", TrainedModel.Model, "--data", folder.File("renamed.csv")).IsRefused("there is no 'level'");
        JsonElement json = Evaluate(folder.File("renamed.csv"), "--value", "what", "--time", "when", "--json").Json;
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("metrics").GetRawText(), json.GetProperty("metrics").GetRawText());
    }

    private static ToolRun Evaluate(params string[] more) =>
        more.Length > 0 && more[0].EndsWith(".csv", StringComparison.Ordinal)
            ? ToolRun.Of(["evaluate", "--model", TrainedModel.Model, "--data", .. more]).Succeeds()
            : ToolRun.Of(["evaluate", "--model", TrainedModel.Model, "--data", TrainedModel.Data, .. more]).Succeeds();

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}
