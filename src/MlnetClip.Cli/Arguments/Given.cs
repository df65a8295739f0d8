using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlnetClip.Cli.Arguments;

/// <summary>Reads values while arguments are checked, when some of them may be wrong.</summary>
internal static class Given
{
    /// <summary>The value; the type's default where it is wrong, which its own parser reports.</summary>
    public static T? Legal<T>(this CommandResult arguments, Option<T> option)
    {
        try
        {
            return arguments.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
