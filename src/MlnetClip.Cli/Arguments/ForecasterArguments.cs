using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Search;
using MlnetClip.Settings;
using Options = MlnetClip.LstmForecastingTrainer.Options;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that describe the forecaster and its training: a flag for every option of the trainer that has one.</summary>
internal sealed class ForecasterArguments
{
    /// <summary>What the fit without clipping of a search tries: the learning rate and batch size are the user's or the default.</summary>
    public static readonly TrialSettings Unclipped = new(GradientClipping.None, null, null);

    private readonly List<(TrainerOption<Options> Option, Option Flag)> _flags =
        [.. Options.Table.Where(option => option.Flag is not null).Select(option => (option, Arguments.Flag.Of(option)))];

    /// <summary>The learning rates that are legal.</summary>
    public static OptionRange Rates { get; } = Options.Table.Single(option => option.Name == nameof(Options.LearningRate)).Range!;

    /// <summary>Windows of a training step.</summary>
    public Option Batch => Flag(nameof(Options.BatchSize));

    /// <summary>The learning rate.</summary>
    public Option LearningRate => Flag(nameof(Options.LearningRate));

    /// <summary>Decides all randomness.</summary>
    public Option<int> Seed { get; } = Arguments.Flag.Whole(new("--seed", int.MinValue, int.MaxValue), "NUMBER", "decides all randomness", 1);

    /// <param name="command">The command.</param>
    /// <param name="tuned">Whether the command finds the clipping by itself, and measures what it needs.</param>
    public void AddTo(Command command, bool tuned = false)
    {
        foreach (var (option, flag) in _flags)
            if (!tuned || option.Name is not (nameof(Options.Clipping) or nameof(Options.MeasureTimeSteps))) command.Options.Add(flag);
        command.Options.Add(Seed);
        command.Validators.Add(result =>
        {
            Options given = Read(result.GetResult);
            if (given.Dropout > 0 && given.NumberOfLayers == 1)
                result.AddError("--dropout acts between layers and needs --layers of 2 or more, but there is 1.");
            if (given.EarlyStopping is not null && given.ValidationFraction == 0)
                result.AddError("--patience watches the validation loss and needs --validation above 0, but it is 0.");

            if (tuned && given.ValidationFraction == 0)
                result.AddError("--validation must be above 0 here, since settings are compared by the validation loss, but it is 0.");
        });
    }

    /// <summary>The trainer's options, all but the columns: what the user gave, or the trainer's defaults.</summary>
    public Options ToOptions(ParseResult arguments) => Read(arguments.GetResult);

    /// <summary>The trainer's options.</summary>
    /// <param name="arguments">What the user gave.</param>
    /// <param name="column">The series.</param>
    /// <param name="tried">What a search tries, instead of what the user gave; null without a search.</param>
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
                // Reported by the flag's own parser; what is wrong between flags is reported beside it.
            }
        }

        return options;
    }
}
