namespace MlnetClip.Settings;

/// <summary>Reads one form, <c>name</c> or <c>name:argument,option=value</c>, by a table of the legal forms.</summary>
/// <param name="owner">The name of the setting that is parsed, for messages.</param>
/// <param name="forms">The legal forms.</param>
/// <param name="usage">The legal forms as users write them.</param>
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

    /// <summary>Creates an error that points at a character and lists the legal forms.</summary>
    public SettingFormatException Fail(string text, int position, string problem, string? hint = null) =>
        new(owner, text, position, problem, hint is null ? _help : $"{_help}\nHint: {hint}");

    private string? Nearest(string name) =>
        name.Length >= 2 && Closest.To(name, forms.Select(form => form.Name)) is { } nearest ? $"did you mean '{nearest}'?" : null;
}
