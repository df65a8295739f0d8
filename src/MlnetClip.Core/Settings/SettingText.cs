using System.Text;

namespace MlnetClip.Settings;

<<<<<<< HEAD
/// <summary>Prints the text form <c>name</c> or <c>name:key=value,key=value</c>, with only the values that differ from their defaults.</summary>
internal static class SettingText
=======
/// <summary>
/// The text form of a small setting: <c>name</c> or <c>name:key=value,key=value</c>, in the invariant culture.
/// Only values that differ from their defaults are printed.
/// </summary>
public sealed class SettingText
>>>>>>> 89a59e0 (Add the search machinery: spaces, samplers, pruners, study stores and a runner whose result depends on nothing but the seed)
{
    internal static string Print(string name, params ReadOnlySpan<(string Key, float Value, float Default)> values)
    {
        var text = new StringBuilder(name);
        char separator = ':';
        foreach (var (key, value, absent) in values)
        {
            if (value == absent) continue;
            text.Append(separator).Append(key).Append('=').Append(SettingNumber.Print(value));
            separator = ',';
        }

        return text.ToString();
    }
}
