using System.Text;

namespace MlnetClip.Cli.Arguments;

/// <summary>Names of columns in one text, joined by commas; a name that contains a comma is in quotes, as in CSV.</summary>
internal static class NameList
{
    /// <summary>Reads the names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What they are, for errors.</param>
    /// <param name="each">What one of them is.</param>
    /// <exception cref="FormatException">A name is empty or occurs twice, or a quote is not closed.</exception>
    public static IReadOnlyList<string> Parse(string text, string what = "names of columns", string each = "column")
    {
        var names = new List<string>();
        var name = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"') name.Append(text[i++]);
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ',' && !quoted) Add();
            else name.Append(text[i]);
        }

        if (quoted) throw new FormatException($"must be {what} joined by commas, but a quote is not closed in '{text}'.");
        Add();
        return names;

        void Add()
        {
            string next = name.ToString().Trim();
            name.Clear();
            if (next.Length == 0) throw new FormatException($"must be {what} joined by commas, but one is empty in '{text}'.");
            if (names.Contains(next)) throw new FormatException($"must name each {each} once, but '{next}' occurs twice.");
            names.Add(next);
        }
    }

    /// <summary>The names as one text, which <see cref="Parse"/> reads.</summary>
    public static string Print(IEnumerable<string> names) =>
        string.Join(',', names.Select(name => name.AsSpan().ContainsAny(',', '"') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name));
}
