namespace MlnetClip.Settings;

/// <summary>The arguments of one form in a text, for example of <c>norm:1,p=inf</c>. They are read one by one; errors point at the character.</summary>
internal sealed class SettingArguments
{
    private readonly record struct Argument(string? Name, int Start, int End);

    private readonly string _owner;
    private readonly string _text;
    private readonly int _nameStart;
    private readonly int _end;
    private readonly string _help;
    private readonly List<Argument> _left = [];

    /// <summary>Splits the arguments.</summary>
    /// <param name="owner">The name of the setting that is parsed, for messages.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="nameStart">Where the form's name starts.</param>
    /// <param name="start">Where the arguments start; equal to <paramref name="end"/> plus one when there is no colon.</param>
    /// <param name="end">One past the last character of the arguments.</param>
    /// <param name="help">The legal forms.</param>
    public SettingArguments(string owner, string text, int nameStart, int start, int end, string help)
    {
        (_owner, _text, _nameStart, _end, _help) = (owner, text, nameStart, end, help);
        while (start <= end)
        {
            int comma = text.IndexOf(',', start, end - start);
            int stop = comma < 0 ? end : comma;
            int equal = text.IndexOf('=', start, stop - start);
            _left.Add(equal < 0 ? new Argument(null, start, stop) : new Argument(text[start..equal], equal + 1, stop));
            start = stop + 1;
        }
    }

    /// <summary>The number of unnamed arguments that have not been read yet.</summary>
    public int Positional => _left.Count(a => a.Name is null);

    /// <summary>Reads the next unnamed argument as a number.</summary>
    public float Number(OptionRange range)
    {
        int next = _left.FindIndex(a => a.Name is null);
        if (next < 0) throw Fail(_end, $"{range.Option} is missing");
        return Take(next, range);
    }

    /// <summary>Reads the next unnamed argument as a number, if there is one.</summary>
    public float Number(OptionRange range, float defaultValue) => Positional > 0 ? Number(range) : defaultValue;

    /// <summary>Reads the argument <c>name=number</c>, if there is one.</summary>
    public float Number(string name, OptionRange range, float defaultValue)
    {
        int found = _left.FindIndex(a => a.Name == name);
        return found < 0 ? defaultValue : Take(found, range);
    }

    /// <summary>Reads the next unnamed argument as text.</summary>
    /// <returns>The text and where it starts.</returns>
    public (string Text, int Start) Raw(OptionRange range)
    {
        int next = _left.FindIndex(a => a.Name is null);
        if (next < 0 || _left[next].Start == _left[next].End) throw Fail(next < 0 ? _end : _left[next].Start, $"{range.Option} is missing");
        Argument argument = _left[next];
        _left.RemoveAt(next);
        return (_text[argument.Start..argument.End], argument.Start);
    }

    /// <summary>The position of the argument <c>name=...</c>, or of the form's name if there is none.</summary>
    public int StartOf(string name) => _left.Find(a => a.Name == name) is { Name: not null } found ? found.Start : _nameStart;

    /// <summary>The position of the next unnamed argument.</summary>
    public int NextStart => _left.First(a => a.Name is null).Start;

    /// <summary>Reads everything that is left as text; empty if there is nothing.</summary>
    public string Rest()
    {
        if (_left.Count == 0) return "";
        int start = _left[0].Start - (_left[0].Name is { } name ? name.Length + 1 : 0);
        _left.Clear();
        return _text[start.._end];
    }

    /// <summary>Reads the argument <c>name=word</c>, one of the given words, if there is one.</summary>
    public T Word<T>(string name, T defaultValue, params ReadOnlySpan<(string Word, T Value)> words)
    {
        int found = _left.FindIndex(a => a.Name == name);
        if (found < 0) return defaultValue;
        Argument argument = _left[found];
        _left.RemoveAt(found);
        foreach ((string word, T value) in words)
            if (_text.AsSpan(argument.Start, argument.End - argument.Start).SequenceEqual(word)) return value;
        throw Fail(argument.Start, $"{name} must be {string.Join(" or ", words.ToArray().Select(w => w.Word))}");
    }

    /// <summary>Reads the argument <c>name=true</c> or <c>name=false</c>, if there is one.</summary>
    public bool Flag(string name, bool defaultValue) => Word(name, defaultValue, ("true", true), ("false", false));

    /// <summary>Fails on the first argument that was not read.</summary>
    public void End()
    {
        if (_left.Count == 0) return;
        Argument first = _left[0];
        throw first.Name is null
            ? Fail(first.Start, first.Start == first.End ? "an argument is missing" : $"'{_text[first.Start..first.End]}' is one argument too many")
            : Fail(first.Start - first.Name.Length - 1, $"'{first.Name}' is not an option here, or was given twice");
    }

    /// <summary>Creates an error that points at the form's name.</summary>
    public SettingFormatException Fail(string problem) => Fail(_nameStart, problem);

    /// <summary>Creates an error that points at a character.</summary>
    public SettingFormatException Fail(int position, string problem) => new(_owner, _text, position, problem, _help);

    private float Take(int index, OptionRange range)
    {
        Argument argument = _left[index];
        _left.RemoveAt(index);
        ReadOnlySpan<char> text = _text.AsSpan(argument.Start, argument.End - argument.Start);
        if (text.IsEmpty) throw Fail(argument.Start, $"{range.Option} is missing");
        if (!SettingNumber.TryRead(text, out float value)) throw Fail(argument.Start, $"{range.Option}: '{text}' is not a number");
        if (!range.Contains(value)) throw Fail(argument.Start, $"{range.Option} must be {range.Describe()}, got {text}{SettingNumber.Overflow(value)}");
        return value;
    }
}
