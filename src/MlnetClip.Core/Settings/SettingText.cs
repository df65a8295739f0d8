using System.Text;

namespace MlnetClip.Settings;

/// <summary>Prints the text form <c>name</c> or <c>name:key=value,key=value</c>; only values that differ from their defaults are printed.</summary>
internal static class SettingText
{
    internal static string Print(string name, params ReadOnlySpan<(string Key, float Value, float Default)> values)
    {
        var text = new StringBuilder(name);
        char separator = ':';
        foreach (var (key, value, defaultValue) in values)
        {
            if (value == defaultValue) continue;
            text.Append(separator).Append(key).Append('=').Append(SettingNumber.Print(value));
            separator = ',';
        }

        return text.ToString();
    }
}
