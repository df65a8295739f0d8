using System.Globalization;
using System.Text;

namespace MlnetClip.Settings;

/// <summary>Prints the text form <c>name</c> or <c>name:key=value,key=value</c>; only values that differ from their defaults are printed.</summary>
internal static class SettingText
{
    /// <summary>An option of a text form.</summary>
    /// <param name="Key">Its name.</param>
    /// <param name="Value">Its value as text; null where it is the default.</param>
    internal readonly record struct Part(string Key, string? Value)
    {
        public static implicit operator Part((string Key, float Value, float Default) option) => new(option.Key, option.Value == option.Default ? null : SettingNumber.Print(option.Value));

        public static implicit operator Part((string Key, int Value, int Default) option) =>
            new(option.Key, option.Value == option.Default ? null : option.Value.ToString(CultureInfo.InvariantCulture));

        public static implicit operator Part((string Key, bool Value) option) => new(option.Key, option.Value ? "true" : null);
    }

    internal static string Print(string name, params ReadOnlySpan<Part> parts)
    {
        var text = new StringBuilder(name);
        char separator = ':';
        foreach (Part part in parts)
        {
            if (part.Value is null) continue;
            text.Append(separator).Append(part.Key).Append('=').Append(part.Value);
            separator = ',';
        }

        return text.ToString();
    }
}
