using System.Text.Json;
using MlnetClip.TestKit;

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
        Assert.AreEqual("MlnetClip", json.GetProperty("assemblies")[0].GetString());
        Assert.AreEqual(SeriesFile.Cut, json.GetProperty("remembered").GetProperty("cut").GetInt32());
        JsonElement gradients = json.GetProperty("gradients"), quantiles = json.GetProperty("norm_quantiles");
        Assert.AreEqual(gradients.GetProperty("norm_median").GetDouble(), quantiles.GetProperty("50%").GetDouble());
        Assert.AreEqual(gradients.GetProperty("norm_max").GetDouble(), quantiles.GetProperty("100%").GetDouble());
        double[] increasing = [.. quantiles.EnumerateObject().Select(q => q.Value.GetDouble())];
        Assert.HasCount(11, increasing);
        Assert.AreSequenceEqual(increasing.Order(), increasing);
        Assert.AreEqual(0, json.GetProperty("share_limited_inside").GetDouble());
        Assert.AreEqual(0, json.GetProperty("time_step_norms").GetArrayLength());
        Assert.AreEqual(TrainedModel.Run.Json.GetProperty("gradients").GetRawText(), json.GetProperty("gradients").GetRawText());
    }

    [TestMethod]
    public void WhatClippingLearnedAndDidInsideTheBackwardPassIsTold()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip");
        ToolRun.Of(SeriesFile.Train(
            TrainedModel.Data, model, "--clip", "inside:1e-6+autoclip:20", "--nonfinite", "rollback:0.25", "--measure-time-steps")).Succeeds();
        JsonElement json = ToolRun.Of("inspect", model, "--json").Succeeds().Json;
        StringAssert.StartsWith(json.GetProperty("clipping_states")[0].GetString(), "autoclip:20: ");
        Assert.IsGreaterThan(0, json.GetProperty("share_limited_inside").GetDouble());
        Assert.AreEqual(24, json.GetProperty("time_step_norms").GetArrayLength());
        StringAssert.Contains(json.GetProperty("nonfinite_in_words").GetString(), "the learning rate is multiplied by 0.25 each time");
        StringAssert.Contains(ToolRun.Of("inspect", model).Succeeds().Output, "of the gradients propagated between");
    }

    [TestMethod]
    public void ForPeopleItIsInWords()
    {
        string text = ToolRun.Of("inspect", TrainedModel.Model).Succeeds().Output;
        foreach (string words in new[]
        {
            "forecasting: from 'level' to 'Forecast'", "reads 24 rows, forecasts 3", "norm:1: one norm over all parameters together, and one scale for all; the norm is at most 1",
            "throw: the fit ends", "Gradient norm  median", "25% ", "Verdict", "Loads", "160 rows", "time column 'date'", "cut before row 160 of 200",
        })
        {
            StringAssert.Contains(text, words);
        }
    }
}
