using MlnetClip.Settings;

namespace MlnetClip.Data;

/// <summary>Errors about columns, worded as in Microsoft.ML, with a hint if a name is probably misspelled.</summary>
internal static class ColumnErrors
{
    /// <summary>The error of a column that does not exist.</summary>
    /// <param name="role">What the column is for, for example <c>label</c>.</param>
    /// <param name="name">The name that was given.</param>
    /// <param name="columns">The names of the existing columns.</param>
    public static string NotFound(string role, string name, IEnumerable<string> columns)
    {
        string message = $"Could not find {role} column '{name}'";
        return Closest.To(name, columns) is { } closest ? $"{message}{Environment.NewLine}Hint: did you mean '{closest}'?" : message;
    }
}
