using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using MlnetClip.Search;
using MlnetClip.Settings;
using Options = MlnetClip.LstmForecastingTrainer.Options;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that describe the forecaster and its training: a flag for every option of the trainer that has one.</summary>
internal sealed class ForecasterArguments
{
    /// <summary>The settings of a search's fit without clipping: the learning rate and batch size are the user's or the defaults.</summary>
    public static readonly TrialSettings Unclipped = new(GradientClipping.None, null, null);

    private readonly List<(TrainerOption<Options> Option, Option Flag)> _flags =
        [.. Options.Table.Where(option => option.Flag is not null).Select(option => (option, Arguments.Flag.Of(option)))];

    /// <summary>The legal range of learning rates.</summary>
    public static OptionRange Rates { get; } = Options.Table.Single(option => option.Name == nameof(Options.LearningRate)).Range!;

    /// <summary>The batch size, in windows.</summary>
    public Option Batch => Flag(nameof(Options.BatchSize));

    /// <summary>The learning rate.</summary>
    public Option LearningRate => Flag(nameof(Options.LearningRate));

    /// <summary>The seed of all randomness.</summary>
    public Option<int> Seed { get; } = Arguments.Flag.Whole(new("--seed", int.MinValue, int.MaxValue), "NUMBER", "the seed of all randomness", 1);

    /// <param name="command">The command.</param>
    /// <param name="tuned">Whether the command searches the clipping.</param>
    public void AddTo(Command command, bool tuned = false)
    {
        foreach (var (option, flag) in _flags)
            if (!tuned || option.Name is not (nameof(Options.Clipping) or nameof(Options.MeasureTimeSteps))) command.Options.Add(flag);
        command.Options.Add(Seed);
        command.Validators.Add(result =>
        {
            Options given = Read(result.GetResult);
            if (given.Dropout > 0 && given.NumberOfLayers == 1)
                result.AddError("--dropout applies between layers and needs --layers of 2 or more, but there is 1.");
            if (given.EarlyStopping is not null && given.ValidationFraction == 0)
                result.AddError("--patience uses the validation loss and needs --validation above 0, but it is 0.");

            if (tuned && given.ValidationFraction == 0)
                result.AddError("--validation must be above 0, because settings are compared by the validation loss, but it is 0.");
            foreach (string error in ErrorsOf(given)) result.AddError(error);
        });
    }

    /// <summary>The trainer's options except the columns: the user's values, or the trainer's defaults.</summary>
    public Options ToOptions(ParseResult arguments) => Read(arguments.GetResult);

    /// <summary>The trainer's options.</summary>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="column">The series.</param>
    /// <param name="tried">The settings that a search tries, instead of the user's; null without a search.</param>
    public Options ToOptions(ParseResult arguments, string column, TrialSettings? tried = null)
    {
        Options options = ToOptions(arguments);
        options.InputColumnName = column;
        options.OutputColumnName = "Forecast";
        if (tried is null) return options;
        options.Clipping = tried.Clipping;
        options.BatchSize = tried.BatchSize ?? options.BatchSize;
        options.LearningRate = tried.LearningRate ?? options.LearningRate;
        return options;
    }

    /// <summary>The errors that the library finds in legal values together, as a group of <c>--clip</c> that the model does not have, in words of the tool.</summary>
    private static string[] ErrorsOf(Options given)
    {
        // What is missing, and what is said in words of the tool already, is replaced by what is legal.
        (given.InputColumnName, given.OutputColumnName, given.Dropout) = ("Value", "Forecast", 0);
        (given.WindowSize, given.Horizon) = (Math.Max(2, given.WindowSize), Math.Max(1, given.Horizon));
        try
        {
            new MLContext().Forecasting.ForecastByLstm(given);
            return [];
        }
        catch (ArgumentException e)
        {
            return [OptionNames.InWordsOfTheTool(e.Message)];
        }
    }

    private Option Flag(string name) => _flags.Single(flag => flag.Option.Name == name).Flag;

    private Options Read(Func<Option, OptionResult?> resultOf)
    {
        var options = new Options();
        foreach (var (option, flag) in _flags)
        {
            if (resultOf(flag) is not { Implicit: false } result) continue; // the trainer's default
            try
            {
                option.Read(options, result.Tokens is [var text, ..] ? text.Value : "true");
            }
            catch (FormatException)
            {
                // Reported by the flag's own parser; errors between flags are reported separately.
            }
        }

        return options;
    }
}
