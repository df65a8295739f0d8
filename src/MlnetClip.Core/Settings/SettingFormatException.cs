namespace MlnetClip.Settings;

/// <summary>The exception for a text form that cannot be read. The message shows the text with a caret under the offending character, and the legal forms.</summary>
public sealed class SettingFormatException : FormatException
{
    internal SettingFormatException(string owner, string text, int position, string problem, string help)
        : base($"{owner}: {problem} (character {position + 1}).\n  {text}\n  {new string(' ', position)}^\n{help}")
    {
        Position = position;
    }

    /// <summary>The index of the offending character; the length of the text if something is missing at its end.</summary>
    public int Position { get; }
}
