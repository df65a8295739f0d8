using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options of the file to read and of how it is written: the same for every command and task.</summary>
internal sealed class FileArguments
{
    private readonly Option<char?> _delimiter = new("--delimiter")
    {
        HelpName = "CHAR",
        Description = "the character that separates fields, or tab; by default comma, semicolon, tab or bar is detected",
        CustomParser = ParseDelimiter,
    };

    private readonly Option<string> _encoding = Flag.Text(
        "--encoding", "NAME", "the file's encoding, for example windows-1252 or utf-16; by default that of a byte order mark, or utf-8");

    private readonly Option<bool> _decimalComma = Flag.Switch("--decimal-comma", "numbers have a decimal comma, as in 315,7");
    private readonly Option<bool> _noHeader = Flag.Switch("--no-header", "the first line is a row; columns are named by their numbers from 1");

    /// <summary>The file.</summary>
    public Option<string> Data { get; } = Flag.Text("--data", "FILE", "the CSV file, whose first line has the names of the columns, or Parquet file", required: true);

    /// <summary>Adds the options of how the file is written.</summary>
    public void AddLayoutTo(Command command)
    {
        foreach (Option option in new Option[] { _delimiter, _encoding, _decimalComma, _noHeader }) command.Options.Add(option);
        _encoding.Validators.Add(CheckEncoding);
    }

    /// <summary>The file's path.</summary>
    public string Path(ParseResult arguments) => arguments.GetRequiredValue(Data);

    /// <summary>How the file is written: as given, else as the model file stores it, else as detected.</summary>
    public CsvLayout Layout(ParseResult arguments, ModelMetadata? metadata)
    {
        string? encoding = arguments.GetValue(_encoding) ?? metadata?.Encoding;
        return new CsvLayout(
            arguments.GetValue(_delimiter) ?? metadata?.Delimiter, encoding is null ? null : CsvLayout.FindEncoding(encoding),
            arguments.GetValue(_decimalComma) || metadata?.DecimalComma == true, arguments.GetValue(_noHeader) || metadata?.NoHeader == true);
    }

    /// <summary>Metadata with these options.</summary>
    public ModelMetadata AddTo(ModelMetadata metadata, ParseResult arguments) => metadata with
    {
        Delimiter = arguments.GetValue(_delimiter),
        Encoding = arguments.GetValue(_encoding),
        DecimalComma = arguments.GetValue(_decimalComma),
        NoHeader = arguments.GetValue(_noHeader),
    };

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
