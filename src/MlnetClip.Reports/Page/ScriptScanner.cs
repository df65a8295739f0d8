namespace MlnetClip.Reports.Page;

/// <summary>Finds where an expression of a minified script ends, past its strings, regular expressions and brackets.</summary>
internal static class ScriptScanner
{
    private static readonly string[] BeforeRegex = ["return", "typeof", "case", "in", "of", "new", "delete", "void", "throw", "else", "do", "instanceof"];

    /// <summary>The position of the comma or the closing bracket behind an expression; -1 where the text ends first.</summary>
    public static int EndOfExpression(string text, int start)
    {
        int depth = 0;
        for (int i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{' or '(' or '[':
                    depth++;
                    break;
                case '}' or ')' or ']' when --depth < 0:
                    return i;
                case ',' when depth == 0:
                    return i;
                case '"' or '\'' or '`':
                    i = EndOfString(text, i);
                    break;
                case '/' when i + 1 < text.Length && text[i + 1] == '*':
                    i = text.IndexOf("*/", i + 2, StringComparison.Ordinal) is var end && end < 0 ? text.Length : end + 1;
                    break;
                case '/' when IsRegex(text, i):
                    i = EndOfRegex(text, i);
                    break;
            }
        }

        return -1;
    }

    private static int EndOfString(string text, int start)
    {
        int i = start + 1;
        while (i < text.Length && text[i] != text[start]) i += text[i] == '\\' ? 2 : 1;
        return i;
    }

    private static int EndOfRegex(string text, int start)
    {
        bool inClass = false;
        int i = start + 1;
        for (; i < text.Length && (inClass || text[i] != '/'); i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '[') inClass = true;
            else if (text[i] == ']') inClass = false;
        }

        return i;
    }

    /// <summary>Whether a slash begins a regular expression: behind a value it divides.</summary>
    private static bool IsRegex(string text, int slash)
    {
        int end = slash;
        while (end > 0 && char.IsWhiteSpace(text[end - 1])) end--;
        int word = end;
        while (word > 0 && (char.IsAsciiLetterOrDigit(text[word - 1]) || text[word - 1] is '_' or '$')) word--;
        if (text.AsSpan(0, end).EndsWith("++") || text.AsSpan(0, end).EndsWith("--")) return false;
        return word < end ? Array.IndexOf(BeforeRegex, text[word..end]) >= 0 : end == 0 || text[end - 1] is not (')' or ']' or '}' or '"' or '\'' or '`' or '.');
    }
}
