using System.Text.RegularExpressions;

namespace MlnetClip.Cli.Models;

/// <summary>Finds files that are mount points themselves, as containers mount single files: such a file cannot be replaced by renaming.</summary>
internal static partial class MountPoints
{
    private const string Table = "/proc/self/mountinfo";

    /// <summary>Whether the full path is a mount point; false where the system has no table of them.</summary>
    public static bool Contain(string path)
    {
        try
        {
            return File.Exists(Table) && Contain(File.ReadLines(Table), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether the path is the mount point of a line in the format of <c>/proc/self/mountinfo</c>.</summary>
    internal static bool Contain(IEnumerable<string> lines, string path) =>
        lines.Select(line => line.Split(' ')).Any(fields => fields.Length > 4 && Unescape(fields[4]) == path);

    /// <summary>Spaces and the like are written as three octal digits.</summary>
    private static string Unescape(string field) => !field.Contains('\\') ? field : Octal().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
