using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of the series to read: the same for every command, and stored in the model file for the commands after <c>train</c>.</summary>
internal sealed class SeriesArguments
{
    private readonly Option<string> _data = Flag.Text("--data", "FILE", "the CSV file, whose first line has the names of the columns", required: true);
    private readonly Option<string> _value;
    private readonly Option<string> _time;
    private readonly Option<string> _timeFormat = Flag.Text(
        "--time-format", "FORMAT", "the .NET format of the times, for example dd.MM.yyyy; by default " + Input.TimeFormat.Legal);

    private readonly Option<string> _timeZone = Flag.Text(
        "--time-zone", "ZONE", "the time zone of times without an offset, for example Europe/Berlin; needed if clocks are changed for summer time");

    private readonly Option<char?> _delimiter = new("--delimiter")
    {
        HelpName = "CHAR",
        Description = "the character that separates fields, or tab; by default comma, semicolon, tab or bar is detected",
        CustomParser = ParseDelimiter,
    };

    private readonly Option<string> _encoding = Flag.Text(
        "--encoding", "NAME", "the file's encoding, for example windows-1252 or utf-16; by default that of a byte order mark, or utf-8");

    private readonly Option<bool> _decimalComma = Flag.Switch("--decimal-comma", "numbers have a decimal comma, as in 315,7");
    private readonly Option<bool>? _noTime;

    /// <param name="stored">True for commands that read a model file, which may store the columns.</param>
    public SeriesArguments(bool stored)
    {
        string byDefault = stored ? "; by default the one stored in the model file" : "";
        _value = Flag.Text("--value", "COLUMN", $"the column to forecast; an empty field, NaN or NA is a missing value{byDefault}", required: !stored);
        _time = Flag.Text("--time", "COLUMN", $"the column of times, which must increase; labels the forecasts{byDefault}");
        if (stored) _noTime = Flag.Switch("--no-time", "ignore the time column stored in the model file; rows are numbered");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _data, _value, _time, _timeFormat, _timeZone, _delimiter, _encoding, _decimalComma }) command.Options.Add(option);
        _encoding.Validators.Add(CheckEncoding);
        _timeZone.Validators.Add(CheckZone);
        if (_noTime is null) return;
        command.Options.Add(_noTime);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_noTime) && result.GetResult(_time) is not null) result.AddError("--time and --no-time must not both be given.");
        });
    }

    /// <summary>The file's path.</summary>
    public string Path(ParseResult arguments) => arguments.GetRequiredValue(_data);

    /// <summary>The column's name, if it is required.</summary>
    public string Value(ParseResult arguments) => arguments.GetRequiredValue(_value);

    /// <summary>Reads the series.</summary>
    /// <param name="arguments">The user's arguments, which override the model file's metadata.</param>
    /// <param name="metadata">The model file's metadata; null if it has none.</param>
    /// <exception cref="InputException">It cannot be read, or the column is not known.</exception>
    public TimeSeries Read(ParseResult arguments, ModelMetadata? metadata, CancellationToken cancellation)
    {
        string path = Path(arguments);
        string value = arguments.GetValue(_value) ?? metadata?.Value ?? throw new InputException(
            "--value must name the column to forecast: this model was not saved by mlnetclip and stores none.",
            "inspect shows the model's columns.");
        string? time = _noTime is not null && arguments.GetValue(_noTime) ? null : arguments.GetValue(_time) ?? metadata?.Time;
        string? format = arguments.GetValue(_timeFormat) ?? (time is not null && time == metadata?.Time ? metadata.TimeFormat : null);
        string? zone = arguments.GetValue(_timeZone) ?? (time is not null && time == metadata?.Time ? metadata.TimeZone : null);
        if (time is null && format is not null) throw new InputException("--time-format needs --time, the column that it describes.");
        if (time is null && zone is not null) throw new InputException("--time-zone needs --time, the column that it describes.");
        string? encoding = arguments.GetValue(_encoding) ?? metadata?.Encoding;
        var layout = new CsvLayout(
            arguments.GetValue(_delimiter) ?? metadata?.Delimiter, encoding is null ? null : CsvLayout.FindEncoding(encoding),
            arguments.GetValue(_decimalComma) || metadata?.DecimalComma == true);
        return SeriesCsv.Read(path, value, time, format, layout, zone is null ? null : ZoneClock.Find(zone), cancellation);
    }

    /// <summary>The metadata of these options for the model file.</summary>
    public ModelMetadata Metadata(ParseResult arguments) => new()
    {
        Value = arguments.GetRequiredValue(_value),
        Time = arguments.GetValue(_time),
        TimeFormat = arguments.GetValue(_timeFormat),
        Delimiter = arguments.GetValue(_delimiter),
        TimeZone = arguments.GetValue(_timeZone),
        Encoding = arguments.GetValue(_encoding),
        DecimalComma = arguments.GetValue(_decimalComma),
    };

    private static void CheckZone(OptionResult result)
    {
        string? name = result.GetValueOrDefault<string>();
        if (name is not null && ZoneClock.Find(name) is null)
            result.AddError($"--time-zone must name a time zone that this system knows, such as Europe/Berlin, but was '{name}'.");
    }

    private static void CheckEncoding(OptionResult result)
    {
        string? name = result.GetValueOrDefault<string>();
        if (name is not null && CsvLayout.FindEncoding(name) is null)
            result.AddError($"--encoding must name an encoding, such as utf-8, windows-1252, iso-8859-1 or utf-16, but was '{name}'.");
    }

    private static char? ParseDelimiter(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text is "tab" or "\\t") return '\t';
        if (text.Length == 1 && char.IsAscii(text[0]) && text[0] is not ('"' or '\r' or '\n')) return text[0];
        result.AddError($"--delimiter must be one ASCII character other than a quote, or tab, but was '{text}'.");
        return null;
    }
}
