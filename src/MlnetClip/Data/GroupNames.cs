namespace MlnetClip.Data;

/// <summary>The names of series, each with a number from 0 in the order of their first row.</summary>
internal sealed class GroupNames
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _names = [];

    /// <param name="names">The first names.</param>
    public GroupNames(IEnumerable<string>? names = null)
    {
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string name in names ?? []) NumberOf(name);
    }

    /// <summary>The names, by number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of a name, which is added if it is new.</summary>
    public int NumberOf(ReadOnlySpan<char> name)
    {
        if (_lookup.TryGetValue(name, out int number)) return number;
        string added = name.ToString();
        _numbers.Add(added, _names.Count);
        _names.Add(added);
        return _names.Count - 1;
    }
}
