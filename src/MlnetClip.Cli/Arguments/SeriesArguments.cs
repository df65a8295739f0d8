using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of the series to read: the same for every command, and stored in the model file for the commands after <c>train</c>.</summary>
internal sealed class SeriesArguments
{
    private readonly FileArguments _file;
    private readonly Option<IReadOnlyList<string>?> _target;
    private readonly Option<string> _time;
    private readonly Option<string> _timeFormat = Flag.Text(
        "--time-format", "FORMAT", "the .NET format of the times, for example dd.MM.yyyy; by default " + Input.TimeFormat.Legal);

    private readonly Option<string> _timeZone = Flag.Text(
        "--time-zone", "ZONE", "the time zone of times without an offset, for example Europe/Berlin; needed if clocks are changed for summer time");

    private readonly Option<bool>? _noTime;
    private readonly Option<string> _group;
    private readonly Option<IReadOnlyList<string>> _past, _future, _static;

    /// <param name="stored">True for commands that read a model file, which may store the columns.</param>
    /// <param name="file">The file.</param>
    public SeriesArguments(bool stored, FileArguments? file = null)
    {
        _file = file ?? new FileArguments();
        string byDefault = stored ? "; by default the one stored in the model file" : "", listed = stored ? "; by default those stored in the model file" : "";
        _target = new("--target", "--value")
        {
            HelpName = "COLUMNS", Required = !stored, Arity = ArgumentArity.ExactlyOne, CustomParser = ParseTargets,
            Description = $"the column to forecast, or several joined by commas; an empty field, NaN or NA is a missing value{byDefault}",
        };
        _time = Flag.Text("--time", "COLUMN", stored
            ? $"the column of times, which must increase in a series or a sequence; labels the predictions{byDefault}"
            : "the column of times, which must increase; labels the forecasts");
        _group = Flag.Text("--group", "COLUMN", $"the column that tells which series a row belongs to: one model for all series{byDefault}");
        _past = Flag.Names("--past", $"covariates that are known up to the present, joined by commas: numbers, true or false{listed}");
        _future = Flag.Names("--future", $"covariates that are known for the rows to forecast too, which follow the last target in the file{listed}");
        _static = Flag.Names("--static", $"covariates that are constant in a series{listed}");
        if (stored) _noTime = Flag.Switch("--no-time", "ignore the time column stored in the model file; rows are numbered");
    }

    /// <summary>The options of the time column, which models over the sequences of a long file have too.</summary>
    public IReadOnlyList<Option> Times => _noTime is null ? [_time] : [_time, _noTime];

    /// <summary>The column of times that the user names; null for none.</summary>
    public string? Time(ParseResult arguments) => arguments.GetValue(_time);

    /// <summary>Whether a stored column of times is ignored.</summary>
    public bool IgnoresTime(ParseResult arguments) => _noTime is not null && arguments.GetValue(_noTime);

    /// <summary>All options of the columns.</summary>
    public IEnumerable<Option> Own => [_target, _group, _past, _future, _static, _time, _timeFormat, _timeZone, .. _noTime is null ? Array.Empty<Option>() : [_noTime]];

    public void AddTo(Command command)
    {
        command.Options.Add(_file.Data);
        foreach (Option option in Own) command.Options.Add(option);
        _file.AddLayoutTo(command);
        _timeZone.Validators.Add(CheckZone);
        command.Validators.Add(result =>
        {
            if (_noTime is not null && result.GetValue(_noTime) && result.GetResult(_time) is not null) result.AddError("--time and --no-time must not both be given.");
            foreach (string error in Repeated(result)) result.AddError(error);
        });
    }

    /// <summary>The file's path.</summary>
    public string Path(ParseResult arguments) => _file.Path(arguments);

    /// <summary>Whether a column is named twice, which is reported.</summary>
    public bool IsWrong(CommandResult arguments) => Repeated(arguments).Any();

    /// <summary>The columns, if the targets are required. Where they are missing or wrong, which is reported, a name stands for them.</summary>
    public SeriesColumns Given(CommandResult arguments) => new(
        arguments.Legal(_target) ?? ["Value"], arguments.Legal(_past) ?? [], arguments.Legal(_future) ?? [], arguments.Legal(_static) ?? [], arguments.GetValue(_time), arguments.GetValue(_group));

    /// <summary>Reads the series for training.</summary>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SeriesTable Read(ParseResult arguments, CancellationToken cancellation) => Read(arguments, Given(arguments.CommandResult), null, cancellation);

    /// <summary>Reads the series for a model.</summary>
    /// <param name="arguments">The user's arguments, which override the model file's metadata.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">They cannot be read, or a column is not known.</exception>
    public SeriesTable Read(ParseResult arguments, LoadedModel model, CancellationToken cancellation)
    {
        ModelMetadata? metadata = model.Metadata;
        SeriesColumns reads = ModelColumns.Of(model.Forecaster);
        IReadOnlyList<string> targets = Role(model, "--target", arguments.GetValue(_target), metadata?.Columns.Targets, reads.Targets);
        if (arguments.GetValue(_target) is null && metadata is null)
        {
            throw new InputException(
                $"--target must name the column{(targets.Count == 1 ? "" : "s")} to forecast: this model was not saved by mlnetclip and stores none.", "inspect shows the model's columns.");
        }

        string? time = IgnoresTime(arguments) ? null : arguments.GetValue(_time) ?? metadata?.Time ?? reads.Time;
        if (time is null && reads.Time is not null) throw new InputException($"--time must name the column of times, because the model '{model.Path}' reads the calendar from it.", "leave out --no-time.");
        string? group = arguments.GetValue(_group);
        if (group is not null && reads.Group is null)
            throw new InputException($"--group must not be given: the model '{model.Path}' was trained on a single series.", "train forecasting --group COLUMN trains one model for several series.");
        var columns = new SeriesColumns(
            targets,
            Role(model, "--past", arguments.GetValue(_past), metadata?.Columns.Past, reads.Past),
            Role(model, "--future", arguments.GetValue(_future), metadata?.Columns.Future, reads.Future),
            Role(model, "--static", arguments.GetValue(_static), metadata?.Columns.Static, reads.Static),
            time, reads.Group is null ? null : group ?? metadata?.Group ?? reads.Group);
        return Read(arguments, columns, metadata, cancellation);
    }

    private SeriesTable Read(ParseResult arguments, SeriesColumns columns, ModelMetadata? metadata, CancellationToken cancellation)
    {
        string? format = arguments.GetValue(_timeFormat) ?? (columns.Time is not null && columns.Time == metadata?.Time ? metadata.TimeFormat : null);
        string? zone = arguments.GetValue(_timeZone) ?? (columns.Time is not null && columns.Time == metadata?.Time ? metadata.TimeZone : null);
        if (columns.Time is null && format is not null) throw new InputException("--time-format needs --time, the column that it describes.");
        if (columns.Time is null && zone is not null) throw new InputException("--time-zone needs --time, the column that it describes.");
        return SeriesCsv.Read(Path(arguments), columns, format, _file.Layout(arguments, metadata), zone is null ? null : ZoneClock.Find(zone), cancellation);
    }

    /// <summary>The metadata of these options for the model file.</summary>
    public ModelMetadata Metadata(ParseResult arguments)
    {
        SeriesColumns columns = Given(arguments.CommandResult);
        return _file.AddTo(new ModelMetadata
        {
            Value = columns.Targets[0],
            Targets = columns.Targets.Count > 1 ? columns.Targets : null,
            Past = columns.Past.Count > 0 ? columns.Past : null,
            Future = columns.Future.Count > 0 ? columns.Future : null,
            Static = columns.Static.Count > 0 ? columns.Static : null,
            Group = columns.Group,
            Time = columns.Time,
            TimeFormat = arguments.GetValue(_timeFormat),
            TimeZone = arguments.GetValue(_timeZone),
        }, arguments);
    }

    /// <summary>The columns of a role: the user's, else those stored, else the model's own, of which there must be as many.</summary>
    private static IReadOnlyList<string> Role(LoadedModel model, string option, IReadOnlyList<string>? given, IReadOnlyList<string>? stored, IReadOnlyList<string> reads)
    {
        IReadOnlyList<string> names = given is { Count: > 0 } ? given : stored is { Count: > 0 } ? stored : reads;
        return names.Count == reads.Count ? names : throw new InputException(
            $"{option} must name {(reads.Count == 1 ? "1 column" : $"{reads.Count} columns")} for the model '{model.Path}', which reads {(reads.Count == 0 ? "none" : NameList.Print(reads))}, but was '{NameList.Print(names)}'.");
    }

    /// <summary>An error for each column that two options name.</summary>
    private IEnumerable<string> Repeated(CommandResult arguments)
    {
        var roles = new Dictionary<string, string>();
        foreach (var (option, names) in new[]
        {
            (arguments.GetResult(_target)?.IdentifierToken?.Value ?? _target.Name, arguments.Legal(_target) ?? []), (_past.Name, arguments.Legal(_past) ?? []),
            (_future.Name, arguments.Legal(_future) ?? []), (_static.Name, arguments.Legal(_static) ?? []),
            (_time.Name, arguments.GetValue(_time) is { } time ? [time] : []), (_group.Name, arguments.GetValue(_group) is { } group ? [group] : []),
        })
        {
            foreach (string name in names)
                if (!roles.TryAdd(name, option)) yield return $"{roles[name]} and {option} must name different columns, but both name '{name}'.";
        }
    }

    private static IReadOnlyList<string>? ParseTargets(ArgumentResult result)
    {
        string text = result.Tokens[0].Value, option = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? "--target";
        if (option == "--value") return [text]; // a single column, as in version 0.1, whose name may contain a comma
        try
        {
            return NameList.Parse(text);
        }
        catch (FormatException e)
        {
            result.AddError($"{option} {e.Message}");
            return null;
        }
    }

    private static void CheckZone(OptionResult result)
    {
        string? name = result.GetValueOrDefault<string>();
        if (name is not null && ZoneClock.Find(name) is null)
            result.AddError($"--time-zone must name a time zone that this system knows, such as Europe/Berlin, but was '{name}'.");
    }
}
