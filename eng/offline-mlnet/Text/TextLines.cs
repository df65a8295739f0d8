using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Cuts a text file into lines and fields.</summary>
internal sealed class TextLines(TextLoader.Options options)
{
    private readonly char[] _separators = options.Separators;
    private readonly bool _spaceSeparates = options.Separators.Contains(' ');

    /// <summary>The rows with their line numbers, from 1: without header, blank lines and comments.</summary>
    public IEnumerable<(long Number, string Text)> Rows(string path)
    {
        long number = 0;
        bool header = options.HasHeader, atTop = true;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            // A line of # is a comment only above the first line that is none.
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || (atTop && line[0] == '#'))
                continue;
            atTop = false;
            if (header)
                header = false;
            else
                yield return (number, options.TrimWhitespace ? line.TrimEnd() : line);
        }
    }

    /// <summary>The fields of a line, without spaces before them; badly quoted ones are empty and reported.</summary>
    public IEnumerable<string> Fields(string line, Action badQuotes)
    {
        int at = 0;
        for (bool more = true; more;)
        {
            while (!_spaceSeparates && at < line.Length && line[at] == ' ')
                at++;
            if (options.AllowQuoting && at < line.Length && line[at] == '"')
            {
                string field = Quoted(line, ref at);
                if (field is null)
                    badQuotes();
                yield return field ?? "";
            }
            else
            {
                int end = line.AsSpan(at).IndexOfAny(_separators) is >= 0 and int length ? at + length : line.Length;
                yield return line[at..end];
                at = end;
            }

            more = at < line.Length;
            at++;
        }
    }

    // Leaves the position at the next separator; null where the quotes are wrong.
    private string Quoted(string line, ref int at)
    {
        var text = new StringBuilder();
        bool closed = false;
        for (at++; at < line.Length && !closed; at++)
        {
            if (line[at] != '"')
                text.Append(line[at]);
            else if (at + 1 < line.Length && line[at + 1] == '"')
                text.Append(line[at++]);
            else
                closed = true;
        }

        for (; at < line.Length && !_separators.Contains(line[at]); at++)
            closed &= line[at] == ' ';
        return closed ? text.ToString() : null;
    }
}
