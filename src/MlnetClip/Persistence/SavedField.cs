using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MlnetClip.Persistence;

/// <summary>Checks of what was read from a file, which anybody may have changed. All throw <see cref="InvalidDataException"/> that begins with the field.</summary>
internal static class SavedField
{
    /// <summary>Reads the JSON description of a model.</summary>
    public static T Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("the description must be an object, but was null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{(e.Path is { Length: > 2 } path ? path[2..] : "the description")} cannot be read: {Sentence(e.Message)}", e);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"the description cannot be read: {Sentence(e.Message)}", e);
        }
    }

    /// <summary>A number is in its range and finite.</summary>
    public static void InRange(string field, double value, double minimum, double maximum = double.PositiveInfinity)
    {
        if (double.IsFinite(value) && value >= minimum && value <= maximum) return;
        string range = double.IsNegativeInfinity(minimum) ? "finite"
            : double.IsPositiveInfinity(maximum) ? string.Create(CultureInfo.InvariantCulture, $"{minimum:R} or more")
            : string.Create(CultureInfo.InvariantCulture, $"from {minimum:R} to {maximum:R}");
        throw Wrong(field, $"must be {range}", value.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>A number is in its range and finite, or NaN for one that there is none of.</summary>
    public static void InRangeOrNaN(string field, double value, double minimum = double.NegativeInfinity)
    {
        if (!double.IsNaN(value)) InRange(field, value, minimum);
    }

    /// <summary>Something is there.</summary>
    public static T NotNull<T>(string field, [NotNull] T? value)
        where T : class => value ?? throw Wrong(field, "must be set", "null");

    /// <summary>A list is there, and so are its items.</summary>
    public static IReadOnlyList<T> Items<T>(string field, [NotNull] IReadOnlyList<T>? items)
    {
        NotNull(field, items);
        for (int i = 0; i < items.Count; i++)
            if (items[i] is null) throw Wrong($"{field}[{i}]", "must be set", "null");
        return items;
    }

    /// <summary>A name is there and not blank.</summary>
    public static void Name(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Wrong(field, "must be a name", value is null ? "null" : $"'{value}'");
    }

    /// <summary>A value of an enumeration is one of those that it has.</summary>
    public static void Defined<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Wrong(field, $"must be one of {string.Join(", ", Enum.GetNames<T>())}", value.ToString("D"));
    }

    /// <summary>The error of a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="rule">What is legal, as the middle of the sentence: <c>must be ...</c>.</param>
    /// <param name="got">What was found.</param>
    public static InvalidDataException Wrong(string field, string rule, string got) => new($"{field} {rule}, but was {got}");

    /// <summary>The first sentence of a message without its full stop.</summary>
    internal static string Sentence(string message) => message.Split(["\n", ". ", " Path: "], 2, StringSplitOptions.None)[0].Trim().TrimEnd('.');
}
