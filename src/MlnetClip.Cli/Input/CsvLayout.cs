using System.Text;

namespace MlnetClip.Cli.Input;

/// <summary>How a CSV file is written, as far as the user says so; null is detected from the file.</summary>
/// <param name="Delimiter">What separates fields; null for the one of comma, semicolon, tab and bar that fits.</param>
/// <param name="Encoding">The encoding; null for what a byte order mark says, else UTF-8.</param>
/// <param name="DecimalComma">Whether numbers are written with a decimal comma.</param>
internal sealed record CsvLayout(char? Delimiter = null, Encoding? Encoding = null, bool DecimalComma = false)
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
