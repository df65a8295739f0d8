using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
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
    public void TheLinearPartIsShown()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.zip");
        string[] train = [.. SeriesFile.Train(TrainedModel.Data, file).Where(argument => argument is not ("--linear-part" or "None"))];
        ToolRun.Of(train).Succeeds();
        JsonElement linear = ToolRun.Of("inspect", file, "--json").Succeeds().Json.GetProperty("linear_part");
        Assert.IsTrue(linear.GetProperty("network_share").GetDouble() is >= 0 and <= 1);
        Assert.AreEqual(1, linear.GetProperty("forecasts").EnumerateObject().Sum(forecast => forecast.Value.GetDouble()), 1e-6);
        StringAssert.Contains(ToolRun.Of("inspect", file).Succeeds().Output, "the linear part");
        Assert.AreEqual(JsonValueKind.Null, ToolRun.Of("inspect", TrainedModel.Model, "--json").Succeeds().Json.GetProperty("linear_part").ValueKind);
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
    public void ModelsOverSequencesAreShown()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.zip");
        var mlContext = new MLContext(seed: 1);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Sequence { Features = [i % 3, 1, i % 5, 0], Kind = i % 3 == 0 ? "early\u001b[31m" : "late" }).ToArray());
        var trainer = mlContext.MulticlassClassification.Trainers.Lstm(new LstmMulticlassTrainer.Options
        {
            FeaturesPerStep = 2, HiddenSize = 3, NumberOfEpochs = 2, Cell = RecurrentCell.Gru, Bidirectional = true, Pooling = Pooling.Mean, Clipping = GradientClipping.ByValue(0.5f),
        });
        ITransformer chain = mlContext.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(trainer).Fit(rows);
        mlContext.Model.Save(chain, rows.Schema, file);

        JsonElement json = ToolRun.Of("inspect", file, "--json").Succeeds().Json;
        Assert.AreEqual("multiclass_classification", json.GetProperty("task").GetString());
        Assert.AreEqual("Features", json.GetProperty("columns").GetProperty("features").GetString());
        Assert.AreEqual("Score", json.GetProperty("columns").GetProperty("outputs")[0].GetString());
        Assert.AreEqual("GRU", json.GetProperty("network").GetProperty("cell").GetString());
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("window").ValueKind);
        Assert.AreEqual("value:0.5", json.GetProperty("clipping").GetString());
        string text = ToolRun.Of("inspect", file).Succeeds().Output;
        foreach (string words in new[]
        {
            "multiclass classification: from 'Features' to 'Score', 'PredictedLabel'; 2 classes: early\\u001b[31m, late", "reads sequences with 2 values a step, pooled by mean",
            "1 bidirectional GRU layer of 3 units", "value:0.5", "Gradient norm  median", "Verdict", "nothing: it was not saved by mlnetclip",
        })
        {
            StringAssert.Contains(text, words);
        }

        Assert.DoesNotContain("Scaling  ", text);
        foreach (string command in new[] { "predict", "evaluate" })
            ToolRun.Of(command, "--model", file, "--data", TrainedModel.Data).IsRefused("it is a model over sequences (MulticlassClassification) that was not saved by mlnetclip", "Hint: mlnetclip inspect");
    }

    private sealed class Sequence
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Kind { get; set; } = "";
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
