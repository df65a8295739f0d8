using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlnetClip.Cli.Arguments;

/// <summary>A flag for every option of a trainer that has one, and the options that they set.</summary>
internal sealed class TrainerFlags
{
    private readonly List<(string Name, Option Flag)> _flags;

    private readonly EngineArguments _engine;

    private TrainerFlags(List<(string, Option)> flags)
    {
        _flags = flags;
        _engine = new EngineArguments(this[nameof(LstmTrainerOptions.Backend)]);
    }

    /// <summary>The flags of a trainer.</summary>
    public static TrainerFlags Of<TOptions>(IReadOnlyList<TrainerOption<TOptions>> table)
        where TOptions : new() => new([.. table.Where(option => option.Flag is not null).Select(option => (option.Name, Flag.Of(option)))]);

    /// <summary>The flag of an option.</summary>
    public Option this[string name] => _flags.Single(flag => flag.Name == name).Flag;

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="tuned">Whether the command searches the clipping, which is no flag then, and keeps no checkpoint of a fit.</param>
    public void AddTo(Command command, bool tuned)
    {
        foreach (var (name, flag) in _flags)
        {
            if (!tuned || name is not (nameof(LstmTrainerOptions.Clipping) or nameof(LstmTrainerOptions.MeasureTimeSteps)
                or nameof(LstmTrainerOptions.CheckpointInterval) or nameof(LstmTrainerOptions.KeptCheckpoints)))
            {
                command.Options.Add(flag);
            }
        }

        _engine.AddTo(command);
    }

    /// <summary>Refuses flags about checkpoints where there is none.</summary>
    /// <exception cref="InputException">One is given.</exception>
    public void CheckCheckpoint(ParseResult arguments, string? checkpoint)
    {
        if (checkpoint is not null) return;
        foreach (Option flag in new[] { this[nameof(LstmTrainerOptions.CheckpointInterval)], this[nameof(LstmTrainerOptions.KeptCheckpoints)] })
            if (arguments.GetResult(flag) is { Implicit: false }) throw new InputException($"{flag.Name} needs --checkpoint FILE.");
    }

    /// <summary>The error of 0 epochs; null where they are legal.</summary>
    /// <param name="result">The user's arguments.</param>
    /// <param name="tuned">Whether the command searches the clipping.</param>
    /// <param name="start">The weights that training begins with; null where they are always random.</param>
    public static string? ErrorOfNoEpoch(CommandResult result, bool tuned, StartArguments? start)
    {
        if (tuned) return "--epochs must be 1 or more in a search, but was 0: without a training step there is no gradient to clip.";
        if (start is null) return "--epochs must be 1 or more, but was 0.";
        return start.IsWhole(result) ? null
            : "--epochs must be 1 or more where training begins with random weights, but was 0.\nHint: --start-from or --initial-weights, without --new-head, give weights that are kept as they are.";
    }

    /// <summary>Options with the user's values, else the trainer's defaults. The table may be another trainer's: flags without an option there are ignored, and options without a flag keep their defaults.</summary>
    public TOptions Read<TOptions>(IReadOnlyList<TrainerOption<TOptions>> table, Func<Option, OptionResult?> resultOf)
        where TOptions : new()
    {
        var options = new TOptions();
        foreach (var (name, flag) in _flags)
        {
            if (resultOf(flag) is not { Implicit: false } result || table.SingleOrDefault(option => option.Name == name) is not { } option) continue; // the trainer's default
            try
            {
                option.Read(options, result.Tokens is [var text, ..] ? text.Value : "true");
            }
            catch (FormatException)
            {
                // Reported by the flag's own parser; errors between flags are reported separately.
            }
        }

        if (options is LstmTrainerOptions trainer) trainer.Backend = _engine.Apply(trainer.Backend, resultOf);
        return options;
    }
}
