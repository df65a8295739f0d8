namespace MlnetClip.Settings;

/// <summary>Reads one form, <c>name</c> or <c>name:argument,option=value</c>, against a table of the legal ones.</summary>
/// <param name="owner">Who is being parsed, for messages.</param>
/// <param name="forms">The legal forms.</param>
/// <param name="usage">The legal forms as a user reads them.</param>
internal sealed class SettingParser<T>(string owner, IReadOnlyList<SettingForm<T>> forms, string usage)
{
    private readonly string _help = $"Legal forms: {usage}";

    /// <summary>Reads the characters from <paramref name="start"/> up to <paramref name="end"/> of <paramref name="text"/>.</summary>
    public T Read(string text, int start, int end)
    {
        int colon = text.IndexOf(':', start, end - start);
        int nameEnd = colon < 0 ? end : colon;
        string name = text[start..nameEnd];
        SettingForm<T>? form = forms.FirstOrDefault(f => f.Name == name);
        if (form is null) throw Fail(text, start, name.Length == 0 ? "a name is missing" : $"'{name}' is not known", Nearest(name));
        var arguments = new SettingArguments(owner, text, start, nameEnd + 1, end, $"Legal form: {form.Usage}{form.Details}");
        T result = form.Create(arguments);
        arguments.End();
        return result;
    }

    /// <summary>An error at a character, with the legal forms.</summary>
    public SettingFormatException Fail(string text, int position, string problem, string? hint = null) =>
        new(owner, text, position, problem, hint is null ? _help : $"{_help}\nHint: {hint}");

    private string? Nearest(string name)
    {
        if (name.Length < 2) return null;
        SettingForm<T> nearest = forms.MinBy(f => Distance(f.Name, name))!;
        return Distance(nearest.Name, name) <= 2 ? $"did you mean '{nearest.Name}'?" : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements from one word to the other.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
