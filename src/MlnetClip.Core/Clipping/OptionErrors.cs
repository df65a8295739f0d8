using System.Globalization;
using System.Text;

namespace MlnetClip.Clipping;

/// <summary>Gathers what is wrong with the options of one object and reports all of it at once.</summary>
/// <param name="owner">The object or method whose options these are.</param>
internal sealed class OptionErrors(string owner)
{
    private readonly StringBuilder _text = new();

    /// <summary>Notes the option unless <paramref name="value"/>, rounded to float32, lies in <paramref name="range"/>.</summary>
    public OptionErrors Check(OptionRange range, double value, string? hint = null) =>
        range.Holds((float)value) ? this : Add($"{range.Option} must be {range.Words}, got {value.ToString("R", CultureInfo.InvariantCulture)}.", hint);

    /// <summary>Notes an error in words.</summary>
    public OptionErrors Add(string error, string? hint = null)
    {
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(CultureInfo.InvariantCulture, $"{owner}: {error}");
        if (hint is not null) _text.Append(CultureInfo.InvariantCulture, $"\nHint: {hint}");
        return this;
    }

    /// <summary>Throws if anything was noted.</summary>
    /// <exception cref="ArgumentException">Everything noted, a line each.</exception>
    public void ThrowIfAny()
    {
        if (_text.Length > 0) throw new ArgumentException(_text.ToString());
    }
}
