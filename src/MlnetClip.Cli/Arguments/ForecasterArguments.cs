using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Search;
using MlnetClip.Settings;
using Options = MlnetClip.LstmForecastingTrainer.Options;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options that describe the forecaster and its training: a flag for every option of the trainer that has one.</summary>
internal sealed class ForecasterArguments
{
    /// <summary>The settings of a search's fit without clipping: the learning rate and batch size are the user's or the defaults.</summary>
    public static readonly TrialSettings Unclipped = new(GradientClipping.None, null, null);

    private readonly Option<CalendarChoice> _calendar = Flag.Setting(
        "--calendar", "FEATURES", "calendar features that the network reads from --time: auto for those that fit its steps, or some of HourOfDay,DayOfWeek,MonthOfYear,DayOfYear",
        CalendarChoice.None, CalendarChoice.Parse);

    private readonly Option<double?> _interval = Flag.OptionalNumber(
        new("--interval", 0, 1, MinimumLegal: false, MaximumLegal: false), "SHARE", "forecasts have columns lower and upper, which contain this share of the values at each step, for example 0.9; by default none");

    private SeriesArguments? _series;
    private Func<CommandResult, int?>? _season;

    private readonly TrainerFlags _flags = TrainerFlags.Of(Options.Table);

    /// <summary>The legal range of learning rates.</summary>
    public static OptionRange Rates { get; } = Options.Table.Single(option => option.Name == nameof(Options.LearningRate)).Range!;

    /// <summary>The batch size, in windows.</summary>
    public Option Batch => _flags[nameof(Options.BatchSize)];

    /// <summary>The learning rate.</summary>
    public Option LearningRate => _flags[nameof(Options.LearningRate)];

    /// <inheritdoc cref="TrainerFlags.CheckCheckpoint"/>
    public void CheckCheckpoint(ParseResult arguments, string? checkpoint) => _flags.CheckCheckpoint(arguments, checkpoint);

    /// <summary>The seed of all randomness.</summary>
    public Option<int> Seed { get; } = Flag.Whole(new("--seed", int.MinValue, int.MaxValue), "NUMBER", "the seed of all randomness", 1);

    /// <param name="command">The command.</param>
    /// <param name="series">The columns.</param>
    /// <param name="season">The season that the user gives, or null.</param>
    /// <param name="tuned">Whether the command searches the clipping.</param>
    /// <param name="start">The weights that training begins with; null where they are always random.</param>
    public void AddTo(Command command, SeriesArguments series, Func<CommandResult, int?> season, bool tuned = false, StartArguments? start = null)
    {
        (_series, _season) = (series, season);
        command.Options.Add(_calendar);
        command.Options.Add(_interval);
        _flags.AddTo(command, tuned);
        start?.AddTo(command);
        command.Options.Add(Seed);
        command.Validators.Add(result =>
        {
            Options given = ToOptions(result);
            if (given.NumberOfEpochs == 0 && TrainerFlags.ErrorOfNoEpoch(result, tuned, start) is { } none) result.AddError(none);
            if (given.Dropout > 0 && given.NumberOfLayers == 1)
                result.AddError("--dropout applies between layers and needs --layers of 2 or more, but there is 1.");
            if (given.EarlyStopping is not null && given.ValidationFraction == 0)
                result.AddError("--patience uses the validation loss and needs --validation above 0, but it is 0.");

            if (tuned && given.ValidationFraction == 0)
                result.AddError("--validation must be above 0, because settings are compared by the validation loss, but it is 0.");
            if (series.IsWrong(result)) return;
            foreach (string error in ErrorsOf(given)) result.AddError(error);
        });
    }

    /// <summary>What a report shows: forecasts of the held-out rows of every series, if there are any.</summary>
    public ReportOptions ReportOptions(CommandResult arguments, TableProtocol protocol) => new()
    {
        EvaluationData = protocol.HoldsOut ? SeriesView.OfFirstThenOthers(protocol.Table, _series!.Given(arguments), protocol.Cuts) : null, // with the times, also where the model does not read them
        TimeColumnName = _series!.Given(arguments).Time,
        FirstRow = protocol.Table.Series.Zip(protocol.Cuts).Sum(series => Math.Min(series.First.Rows, series.Second)), Season = protocol.Season,
    };

    /// <summary>The trainer's options: the user's values, or the trainer's defaults.</summary>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="tried">The settings that a search tries, instead of the user's; null without a search.</param>
    /// <param name="start">The weights that training begins with; null for random ones.</param>
    public Options ToOptions(ParseResult arguments, TrialSettings? tried = null, StartingWeights? start = null)
    {
        Options options = ToOptions(arguments.CommandResult);
        options.InitialWeights = start?.Weights;
        if (tried is null) return options;
        options.Clipping = tried.Clipping;
        options.BatchSize = tried.BatchSize ?? options.BatchSize;
        options.LearningRate = tried.LearningRate ?? options.LearningRate;
        return options;
    }

    /// <summary>The columns that the model reads: times only where the calendar is.</summary>
    public SeriesColumns ModelColumns(CommandResult arguments)
    {
        SeriesColumns columns = _series!.Given(arguments);
        return arguments.Legal(_calendar) is { Reads: true } ? columns : columns with { Time = null };
    }

    private Options ToOptions(CommandResult arguments)
    {
        Options options = _flags.Read(Options.Table, arguments.GetResult);
        SeriesColumns columns = ModelColumns(arguments);
        if (columns.Targets.Count == 1) options.InputColumnName = columns.Targets[0];
        else options.TargetColumnNames = [.. columns.Targets];
        options.PastCovariateColumnNames = [.. columns.Past];
        options.FutureCovariateColumnNames = [.. columns.Future];
        options.StaticCovariateColumnNames = [.. columns.Static];
        (options.GroupColumnName, options.TimeColumnName) = (columns.Group, columns.Time);
        options.Calendar = arguments.Legal(_calendar)?.Features;
        options.OutputColumnName = "Forecast";
        options.SeasonLength = _season!(arguments);
        if (arguments.Legal(_interval) is not { } level) return options;
        (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = (ForecastColumns.Lower, ForecastColumns.Upper, (float)level);
        return options;
    }

    /// <summary>The errors that the library finds in legal values together, as a group of <c>--clip</c> that the model does not have, in words of the tool.</summary>
    private static string[] ErrorsOf(Options given)
    {
        // What is missing, and what is said in words of the tool already, is replaced by what is legal.
        given.Dropout = 0;
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
}
