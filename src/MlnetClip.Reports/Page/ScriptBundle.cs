using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MlnetClip.Reports.Page;

/// <summary>A script that webpack packed: a table of numbered modules, each a function, and the number of the one that runs first.</summary>
internal sealed partial class ScriptBundle
{
    private const string TableBegins = "var t={";

    private readonly string _head, _tail;
    private readonly List<(int Id, string Text)> _modules = [];

    private ScriptBundle(string head, string tail, int entry) => (_head, _tail, Entry) = (head, tail, entry);

    /// <summary>The module that runs first.</summary>
    public int Entry { get; }

    /// <summary>Takes a script apart; false where it has another form.</summary>
    public static bool TryParse(string script, [NotNullWhen(true)] out ScriptBundle? bundle)
    {
        bundle = null;
        int at = script.IndexOf(TableBegins, StringComparison.Ordinal) + TableBegins.Length;
        if (at < TableBegins.Length) return false;
        string head = script[..at];
        var modules = new List<(int, string)>();
        while (true)
        {
            int colon = script.IndexOf(':', at), end = colon < 0 ? -1 : ScriptScanner.EndOfExpression(script, colon + 1);
            if (end < 0 || !int.TryParse(script.AsSpan(at, colon - at), NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out int id)) return false;
            modules.Add((id, script[at..end]));
            if (script[end] == '}')
            {
                string tail = script[end..];
                if (Calls().Matches(tail) is not [.., var first]) return false;
                bundle = new ScriptBundle(head, tail, Number(first));
                bundle._modules.AddRange(modules);
                return true;
            }

            if (script[end] != ',') return false;
            at = end + 1;
        }
    }

    /// <summary>The text of a module; null where there is none.</summary>
    public string? this[int id] => _modules.Find(module => module.Id == id).Text;

    /// <summary>The numbers of the modules that a text calls for.</summary>
    public static IReadOnlyList<int> CalledBy(string text) => [.. Calls().Matches(text).Select(Number)];

    /// <summary>The script with another first module, and with the modules only that it needs; null where one of them is missing.</summary>
    public string? With(string entry)
    {
        Dictionary<int, string> all = _modules.DistinctBy(module => module.Id).ToDictionary(module => module.Id, module => module.Text);
        all[Entry] = entry;
        var needed = new HashSet<int> { Entry };
        var open = new Queue<int>([Entry]);
        while (open.TryDequeue(out int id))
        {
            string text = all[id];
            if (Parameters().Match(text) is not { Success: true } parameters) continue; // a module with fewer parameters calls for none
            foreach (Match call in Regex.Matches(text, $@"(?<![\w$.]){Regex.Escape(parameters.Groups[1].Value)}\((\d+(?:e\d)?)\)"))
            {
                if (!all.ContainsKey(Number(call))) return null;
                if (needed.Add(Number(call))) open.Enqueue(Number(call));
            }
        }

        var script = new StringBuilder(_head);
        foreach ((int id, _) in _modules.Where(module => needed.Contains(module.Id))) script.Append(all[id]).Append(',');
        script.Length--;
        return script.Append(_tail).ToString();
    }

    // A minifier writes 34000 as 34e3.
    private static int Number(Match match) => int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowExponent, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w$.])[a-z]\((\d+(?:e\d)?)\)")]
    private static partial Regex Calls();

    [GeneratedRegex(@"^\d+:function\(\w+,\w+,(\w+)\)")]
    private static partial Regex Parameters();
}
