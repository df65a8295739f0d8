using System.Text.Json;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class InspectTests
{
    [TestMethod]
    public void JsonTellsSizesClippingAndProvenance()
    {
        JsonElement json = ToolRun.Of("inspect", TrainedModel.Model, "--json").Succeeds().Json;
        Assert.AreEqual("forecasting", json.GetProperty("task").GetString());
        Assert.AreEqual("level", json.GetProperty("columns").GetProperty("value").GetString());
        Assert.AreEqual(24, json.GetProperty("window").GetInt32());
        Assert.AreEqual(3, json.GetProperty("horizon").GetInt32());
        Assert.AreEqual(4, json.GetProperty("network").GetProperty("hidden_size").GetInt32());
        Assert.AreEqual("norm:1", json.GetProperty("clipping").GetString());
        Assert.AreEqual("throw", json.GetProperty("nonfinite").GetString());
        Assert.AreEqual(SeriesFile.Cut, json.GetProperty("training").GetProperty("rows").GetInt32());
        Assert.AreEqual(SeriesFile.Cut, json.GetProperty("remembered").GetProperty("cut").GetInt32());
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("gradients").GetRawText(), json.GetProperty("gradients").GetRawText());
    }

    [TestMethod]
    public void ForPeopleItIsInWords()
    {
        string text = ToolRun.Of("inspect", TrainedModel.Model).Succeeds().Output;
        foreach (string words in new[]
        {
            "forecasting: from 'level' to 'Forecast'", "reads 24 rows, forecasts 3", "norm:1: one norm over all parameters together, and one scale for all; the norm is at most 1",
            "Gradient norm  median", "Verdict", "160 rows", "time column 'date'", "cut before row 160 of 200",
        })
        {
            StringAssert.Contains(text, words);
        }
    }
}
