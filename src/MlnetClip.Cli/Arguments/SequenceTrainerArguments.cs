using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Tasks;
using MlnetClip.Search;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of a trainer over sequences and of the split.</summary>
internal sealed class SequenceTrainerArguments
{
    private readonly TrainerFlags _flags;
    private readonly Option<double> _holdout;
    private readonly Option<int> _seed = Flag.Whole(new("--seed", int.MinValue, int.MaxValue), "NUMBER", "the seed of all randomness, and of the rows that are held out", 1);

    /// <param name="flags">The flags of the trainer.</param>
    /// <param name="who">What does not use the held-out rows.</param>
    /// <param name="allRows">Whether 0 is legal, which holds out no row.</param>
    public SequenceTrainerArguments(TrainerFlags flags, string who, bool allRows)
    {
        _flags = flags;
        _holdout = Flag.Number(
            new("--holdout", 0, 1, MinimumLegal: allRows, MaximumLegal: false), "SHARE",
            $"share of the rows, drawn at random, that {who} does not use{(allRows ? "; 0 trains on all rows and evaluates nothing" : "")}", 0.2);
    }

    /// <summary>The batch size.</summary>
    public Option Batch => _flags[nameof(LstmTrainerOptions.BatchSize)];

    /// <summary>The learning rate.</summary>
    public Option LearningRate => _flags[nameof(LstmTrainerOptions.LearningRate)];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command, StartArguments start, bool tuned = false)
    {
        command.Options.Add(_holdout);
        _flags.AddTo(command, tuned);
        start.AddTo(command);
        command.Options.Add(_seed);
        command.Validators.Add(result =>
        {
            LstmMulticlassTrainer.Options given = Given(result);
            if (given.NumberOfEpochs == 0 && TrainerFlags.ErrorOfNoEpoch(result, tuned, start) is { } none) result.AddError(none);
            if (given.EarlyStopping is not null && given.ValidationFraction == 0)
                result.AddError("--patience uses the validation loss and needs --validation above 0, but it is 0.");
            if (tuned && given.ValidationFraction == 0)
                result.AddError("--validation must be above 0, because settings are compared by the validation loss, but it is 0.");
            if (ErrorOf(result) is { } error) result.AddError(error);
        });
    }

    /// <summary>The seed.</summary>
    public int Seed(ParseResult arguments) => arguments.GetValue(_seed);

    /// <summary>The share that is held out.</summary>
    public double Holdout(ParseResult arguments) => arguments.GetValue(_holdout);

    /// <inheritdoc cref="TrainerFlags.CheckCheckpoint"/>
    public void CheckCheckpoint(ParseResult arguments, string? checkpoint) => _flags.CheckCheckpoint(arguments, checkpoint);

    /// <summary>Values of a time step; null where the user gives none.</summary>
    public int? FeaturesPerStep(ParseResult arguments) =>
        arguments.GetResult(_flags[nameof(LstmSequenceTrainerOptions.FeaturesPerStep)]) is { Implicit: false } ? Given(arguments.CommandResult).FeaturesPerStep : null;

    /// <summary>The number of epochs.</summary>
    public int Epochs(ParseResult arguments) => Given(arguments.CommandResult).NumberOfEpochs;

    /// <summary>The learning rate and the batch size of a fit that searches nothing.</summary>
    public (float? LearningRate, int BatchSize) Defaults(ParseResult arguments) => (Given(arguments.CommandResult).LearningRate, Given(arguments.CommandResult).BatchSize);

    /// <summary>The pipeline of a task.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="task">The task.</param>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="table">The rows.</param>
    /// <param name="configure">Sets what is no flag.</param>
    /// <param name="start">The weights that training begins with.</param>
    /// <param name="tried">The settings that a search tries, instead of the user's; null without a search.</param>
    public IEstimator<ITransformer> Pipeline(
        MLContext mlContext, SequenceTask task, ParseResult arguments, SequenceTable table, Action<LstmSequenceTrainerOptions> configure, StartingWeights start, TrialSettings? tried = null) =>
        task.Pipeline(mlContext, _flags, arguments.CommandResult, table, start, options =>
        {
            configure(options);
            options.InitialWeights = start.Weights;
            if (tried is null) return;
            options.Clipping = tried.Clipping;
            options.BatchSize = tried.BatchSize ?? options.BatchSize;
            options.LearningRate = tried.LearningRate ?? options.LearningRate;
        });

    // The options that all trainers over sequences have are the same in each of their tables.
    private LstmMulticlassTrainer.Options Given(CommandResult result) => _flags.Read(LstmMulticlassTrainer.Options.Table, result.GetResult);

    /// <summary>The errors that the library finds in legal values together, in words of the tool.</summary>
    private string? ErrorOf(CommandResult result)
    {
        try
        {
            new MLContext().MulticlassClassification.Trainers.Lstm(Given(result));
            return null;
        }
        catch (ArgumentException e)
        {
            return OptionNames.InWordsOfTheTool(e.Message);
        }
    }
}
