namespace MlnetClip.Settings;

/// <summary>Finds the name that the user probably meant.</summary>
public static class Closest
{
    private const int ShortestPrefix = 3;

    /// <summary>
    /// Returns the candidate nearest to the name, ignoring case, or null when none is near. Near means one edit away, two in names of four
    /// characters or more, a third of the characters in long names; or that the candidate begins with the name.
    /// </summary>
    /// <param name="name">The name as written.</param>
    /// <param name="candidates">The legal names.</param>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        string written = name.Trim().ToUpperInvariant();
        int limit = Math.Max(written.Length < 4 ? 1 : 2, written.Length / 3);
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in candidates)
        {
            string other = candidate.Trim().ToUpperInvariant();
            int distance = Distance(written, other);
            if (distance > limit && written.Length >= ShortestPrefix && other.StartsWith(written, StringComparison.Ordinal)) distance = limit;
            if (distance <= limit && distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>The Levenshtein distance: the number of insertions, deletions and replacements from one word to the other.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
