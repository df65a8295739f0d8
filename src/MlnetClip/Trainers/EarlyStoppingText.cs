using System.Globalization;

namespace MlnetClip.Trainers;

/// <summary>The text form of early stopping: <c>none</c>, a number of epochs, or <c>patience=20,delta=0.001</c>.</summary>
internal static class EarlyStoppingText
{
    /// <summary>The text form.</summary>
    public static string Print(EarlyStopping? stopping) =>
        stopping is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"patience={stopping.Patience},delta={stopping.MinDelta}");

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static EarlyStopping? Parse(string text)
    {
        if (text == "none") return null;
        string[] parts = text.Split(',');
        string patience = Value(parts[0], "patience=");
        string delta = parts.Length > 1 ? Value(parts[1], "delta=") : "0";
        bool read = int.TryParse(patience, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int epochs)
            & double.TryParse(delta, NumberStyles.Float, CultureInfo.InvariantCulture, out double minDelta);
        if (!read || parts.Length > 2 || epochs < 1 || !(minDelta >= 0) || double.IsInfinity(minDelta))
            throw new FormatException($"must be a whole number, 1 or more, but was '{text}'.");
        return new EarlyStopping(epochs, minDelta);
    }

    private static string Value(string part, string key) => part.StartsWith(key, StringComparison.Ordinal) ? part[key.Length..] : part;
}
