using System.Text;

namespace MlnetClip.Cli.Input;

/// <summary>The format of a CSV file as given by the user; null values are detected from the file.</summary>
/// <param name="Delimiter">The separator of fields; null to detect comma, semicolon, tab or bar.</param>
/// <param name="Encoding">The encoding; null for that of a byte order mark, or UTF-8.</param>
/// <param name="DecimalComma">Whether numbers are written with a decimal comma.</param>
/// <param name="NoHeader">Whether the first line is a row, so that columns are named by their numbers from 1.</param>
internal sealed record CsvLayout(char? Delimiter = null, Encoding? Encoding = null, bool DecimalComma = false, bool NoHeader = false)
{
    static CsvLayout() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding of a name such as <c>windows-1252</c>, or null.</summary>
    public static Encoding? FindEncoding(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
