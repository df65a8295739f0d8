using MlnetClip.Settings;

namespace MlnetClip.Data;

/// <summary>Errors about columns, in Microsoft.ML's words, with a hint where a name was probably misspelled.</summary>
internal static class ColumnErrors
{
    /// <summary>The column is not among those there are.</summary>
    /// <param name="role">What the column is for, for example <c>label</c>.</param>
    /// <param name="name">The name that was given.</param>
    /// <param name="columns">The names there are.</param>
    public static string NotFound(string role, string name, IEnumerable<string> columns)
    {
        string message = $"Could not find {role} column '{name}'";
        return Closest.To(name, columns) is { } closest ? $"{message}{Environment.NewLine}Hint: did you mean '{closest}'?" : message;
    }
}
