using System.Text;

namespace MlnetClip.Cli.Help;

/// <summary>A row of the help: how something is written, and what it does.</summary>
/// <param name="Use">The first column.</param>
/// <param name="Description">The second column.</param>
internal sealed record HelpRow(string Use, string Description)
{
    /// <summary>What is before each column.</summary>
    public const string Indent = "  ";

    /// <summary>Appends rows as two columns. In a terminal that is too narrow for them, the words of both continue on further lines.</summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="width">The width of the terminal, in characters.</param>
    public static void Append(StringBuilder text, List<HelpRow> rows, int width)
    {
        int first = 0, second = 0;
        foreach (HelpRow row in rows) (first, second) = (Math.Max(first, row.Use.Length), Math.Max(second, row.Description.Length));
        if ((long)first + second + (2 * Indent.Length) > width)
        {
            first = Math.Min(first, (width / 2) - Indent.Length);
            second = width - first - (2 * Indent.Length);
        }

        foreach (HelpRow row in rows)
        {
            List<string> uses = Wrap(row.Use, first), descriptions = Wrap(row.Description, second);
            for (int i = 0; i < Math.Max(uses.Count, descriptions.Count); i++)
            {
                string use = i < uses.Count ? uses[i] : "";
                text.Append(Indent).Append(use);
                if (i < descriptions.Count) text.Append(' ', Math.Max(0, first - use.Length)).Append(Indent).Append(descriptions[i]);
                text.AppendLine();
            }
        }
    }

    /// <summary>A text in lines of whole words, as many in each as fit. A word that is longer than a line is cut.</summary>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        ReadOnlySpan<char> rest = text;
        while (rest.Length > Math.Max(1, width))
        {
            int space = rest[..(Math.Max(1, width) + 1)].LastIndexOf(' ');
            int end = space > 0 ? space : Math.Max(1, width);
            lines.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart(' ');
        }

        if (rest.Length > 0) lines.Add(rest.ToString());
        return lines;
    }
}
