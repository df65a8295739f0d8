using MlnetClip.Cli.Arguments;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Each wrong input of <c>train</c>: exit code 2, nothing on standard output, nothing written, and words that help.</summary>
[TestClass]
public sealed class WrongInputTests
{
    [TestMethod]
    [DataRow(new[] { "--value", "levle" }, "there is no 'levle'. The columns are 'date', 'level'.", "Hint: did you mean 'level'?")]
    [DataRow(new[] { "--value", "date", "--time", "level" }, "is not a time", "Hint: ")]
    [DataRow(new[] { "--time", "level" }, "--value and --time must name different columns, but both name 'level'.", "")]
    [DataRow(new[] { "--horizon", "0" }, "--horizon must be a whole number, 1 or more, but was '0'.", "--help")]
    [DataRow(new[] { "--window", "1" }, "--window must be a whole number, 2 or more, but was '1'.", "")]
    [DataRow(new[] { "--window", "x", "--epochs", "-1" }, "--window must be", "--epochs must be a whole number, 0 or more, but was '-1'.")]
    [DataRow(new[] { "--clip", "norm:-1" }, "--clip: ", "above 0")]
    [DataRow(new[] { "--clip", "value:NaN" }, "--clip: ", "NaN")]
    [DataRow(new[] { "--clip", "nrom:1" }, "--clip: ", "norm")]
    [DataRow(new[] { "--clip", "norm:1@nosuch" }, "--clip must refer to groups that the model has, but was 'norm:1@nosuch'.", "Hint: 'nosuch' selects no parameter")]
    [DataRow(new[] { "--optimizer", "adum" }, "--optimizer: ", "adamw")]
    [DataRow(new[] { "--loss", "mae" }, "--loss: ", "huber")]
    [DataRow(new[] { "--loss", "crossentropy" }, "--loss: 'crossentropy' is a loss between classes", "")]
    [DataRow(new[] { "--loss", "pinball:0.1,0.9" }, "--loss: 'pinball:0.1,0.9' is a loss of several quantiles", "")]
    [DataRow(new[] { "--nonfinite", "ignore" }, "--nonfinite: ", "skip")]
    [DataRow(new[] { "--holdout", "1" }, "--holdout must be a number, 0 or more and below 1, but was '1'.", "")]
    [DataRow(new[] { "--learning-rate", "NaN" }, "--learning-rate must be a number, above 0 and at most 1000, or auto, but was 'NaN'.", "")]
    [DataRow(new[] { "--dropout", "0.5" }, "--dropout applies between layers", "--layers")]
    [DataRow(new[] { "--patience", "3", "--validation", "0" }, "--patience uses the validation loss", "")]
    [DataRow(new[] { "--learning-rate", "1001" }, "--learning-rate must be a number, above 0 and at most 1000, or auto, but was '1001'.", "")]
    [DataRow(new[] { "--hidden", "20000" }, "--hidden must leave the model with at most 520093681 weights, which a model file can hold", "")]
    [DataRow(new[] { "--scaling", "max" }, "--scaling must be one of RelativeToLast, Standardize, None, Robust, PerWindow, SeasonalDifference, but was 'max'.", "")]
    [DataRow(new[] { "--threads", "2000" }, "--threads must be a whole number, from 1 to 1024, but was '2000'.", "")]
    [DataRow(new[] { "--season", "160" }, "--season must be below the 160 rows", "Hint: ")]
    [DataRow(new[] { "--window", "200" }, "must have at least", "Hint: ")]
    [DataRow(new[] { "--holdout", "0.001" }, "--holdout must leave rows for the evaluation", "")]
    [DataRow(new[] { "--delimiter", "ab" }, "--delimiter must be one ASCII character", "")]
    [DataRow(new[] { "--time-zone", "Mars/Olympus" }, "--time-zone must name a time zone", "")]
    [DataRow(new[] { "--encoding", "utf-99" }, "--encoding must name an encoding", "")]
    [DataRow(new[] { "--time-format", "yyyy" }, "is not a time in --time-format yyyy", "")]
    [DataRow(new[] { "--clpi", "norm:1" }, "'--clpi'", "Hint: did you mean --clip?")]
    [DataRow(new[] { "--json", "surplus" }, "'surplus'", "")]
    public void Arguments(string[] wrong, string first, string second)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = SeriesFile.Train(TrainedModel.Data, folder.File("model.zip"));
        for (int i = 0; i + 1 < wrong.Length; i += 2)
        {
            int at = Array.IndexOf(arguments, wrong[i]);
            if (at < 0) arguments = [.. arguments, wrong[i], wrong[i + 1]];
            else arguments[at + 1] = wrong[i + 1];
        }

        ToolRun.Of(arguments).IsRefused(first, second);
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void MoreMemoryThanThereIs()
    {
        // About 7 TiB, which no machine that runs the tests has, for weights that a model file could hold.
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("series.csv"), rows: 3000);
        string[] arguments = ["train", "forecasting", "--data", data, "--target", "level", "--horizon", "3", "--hidden", "250", "--layers", "1000", "--window", "500", "--batch", "4096", "--model", folder.File("model.zip")];
        ToolRun.Of(arguments).IsRefused("lstm(250) lstm(250) head(last, ", "Hint: use a smaller batch size");
        Assert.IsFalse(File.Exists(folder.File("model.zip")));
    }

    [TestMethod]
    [DataRow("", "must have values", DisplayName = "all missing")]
    [DataRow("7", "must vary", DisplayName = "constant")]
    [DataRow("inf", "line 2, column 2 ('level'): 'inf' is not a number")]
    [DataRow("1e40", "line 2, column 2 ('level'): '1e40' is infinite")]
    [DataRow("1;5", "line 2, column 2 ('level'): '1;5' is not a number")]
    public void Series(string field, string problem)
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("series.csv"), row => row < SeriesFile.Cut ? field : "1");
        ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"))).IsRefused(problem);
        Assert.IsFalse(File.Exists(folder.File("model.zip")));
    }

    [TestMethod]
    public void TimesThatDoNotIncrease()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("series.csv"), "date,level\n20200102,1\n20200101,2\n");
        ToolRun.Of(SeriesFile.Train(folder.File("series.csv"), folder.File("model.zip"))).IsRefused("line 3, column 1 ('date')", "on line 2");
    }

    [TestMethod]
    public void ATargetThatCannotBeWrittenIsToldBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = ToolRun.Of(SeriesFile.Train(TrainedModel.Data, folder.File("none/model.zip"))).IsRefused("there is no folder", "Hint: create the folder first.");
        Assert.IsFalse(run.Error.Contains("epoch", StringComparison.Ordinal));
        ToolRun.Of(SeriesFile.Train(TrainedModel.Data, TrainedModel.Data)).IsRefused("must not be a file that the command reads");
        string same = folder.File("same");
        ToolRun.Of(SeriesFile.Train(TrainedModel.Data, same, "--checkpoint", same)).IsRefused("--checkpoint must not be a file that another option writes");
    }

    [TestMethod]
    public void WrongValuesAreReportedTogether()
    {
        ToolRun run = ToolRun.Of(SeriesFile.Train(
            TrainedModel.Data, "none.zip", "--optimizer", "adagrd", "--loss", "mea", "--schedule", "linear", "--nonfinite", "ignore", "--dropout", "0.5", "--clpi", "norm:1"));
        run.IsRefused("--optimizer", "--loss", "--schedule", "--nonfinite", "--dropout applies between layers", "'--clpi'");
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
    }

    [TestMethod]
    public void AnUnknownGroupIsReportedWithTheOtherErrors()
    {
        ToolRun.Of("train", "forecasting", "--data", "none.csv", "--value", "level", "--horizon", "3", "--dropout", "0.5", "--loss", "mea", "--clip", "norm:1@nosuch")
            .IsRefused("'--window'", "'--model'", "--dropout applies between layers", "--loss", "--clip must refer to groups that the model has");
    }

    [TestMethod]
    [DataRow("--clip", "norm:1@nosuch", "--clip must refer to groups that the model has")]
    [DataRow("--hidden", "2147483647", "--hidden must leave the model with at most")]
    [DataRow("--horizon", "2147483647", "--horizon must leave the model with at most")]
    public void WhatTheLibraryRefusesIsNamedAsTheToolNamesIt(string option, string value, string problem)
    {
        string[] arguments = SeriesFile.Train("no such file.csv", "none.zip");
        int at = Array.IndexOf(arguments, option);
        if (at < 0) arguments = [.. arguments, option, value];
        else arguments[at + 1] = value;
        ToolRun run = ToolRun.Of(arguments).IsRefused(problem);
        Assert.DoesNotContain("Options.", run.Error, "before the file is looked for");
    }

    [TestMethod]
    [DataRow(new[] { "train", "--data", "x", "--value", "y" }, "mlnetclip train needs a command before its options: forecasting, regression, classification, labeling.", "mlnetclip train --help")]
    [DataRow(new[] { "train", "forecast", "--data", "x" }, "'forecast' is not a command of mlnetclip train; the commands are forecasting, regression, classification, labeling.", "Hint: did you mean forecasting?")]
    [DataRow(new[] { "evalute", "--data", "x" }, "'evalute' is not a command of mlnetclip; the commands are train, tune, backtest, evaluate, predict, inspect, export.", "Hint: did you mean evaluate?")]
    [DataRow(new[] { "--data", "x" }, "mlnetclip needs a command before its options: train, tune, backtest, evaluate, predict, inspect, export.", "--help")]
    public void AMissingCommandIsOneError(string[] arguments, string problem, string hint)
    {
        ToolRun run = ToolRun.Of(arguments).IsRefused(problem, hint);
        Assert.AreEqual(1, run.Error.Split("error: ").Length - 1, run.Error);
    }

    [TestMethod]
    public void WhatACheckpointNamesIsNamedAsTheToolNamesIt() => Assert.AreEqual(
        "Differences:\n    --epochs: '6'\n    --seed: '1'\n    --batch: '32'\nEpochs: Seed:", OptionNames.InWordsOfTheTool("Differences:\n    Epochs: '6'\n    Seed: '1'\n    BatchSize: '32'\nEpochs: Seed:"));

    [TestMethod]
    public void RequiredOptionsAreReportedTogether() =>
        ToolRun.Of("train", "forecasting", "--json").IsRefused("'--data'", "'--target'", "'--window'", "'--horizon'", "'--model'");

    [TestMethod]
    [DataRow(new string[0], "mlnetclip --help")]
    [DataRow(new[] { "train" }, "mlnetclip train --help")]
    [DataRow(new[] { "evalute" }, "Hint: did you mean evaluate?")]
    [DataRow(new[] { "inspect" }, "mlnetclip inspect --help")]
    public void Commands(string[] arguments, string help) => ToolRun.Of(arguments).IsRefused(help);

    [TestMethod]
    [DataRow(new[] { "--help" }, "Usage:")]
    [DataRow(new[] { "train", "forecasting", "--help" }, "--window <ROWS> (REQUIRED)")]
    [DataRow(new[] { "--version" }, "mlnetclip ")]
    public void HelpIsAResult(string[] arguments, string text)
    {
        ToolRun run = ToolRun.Of(arguments).Succeeds();
        StringAssert.Contains(run.Output, text);
        Assert.AreEqual("", run.Error);
    }
}
