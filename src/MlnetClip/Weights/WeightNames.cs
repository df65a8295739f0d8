using System.Globalization;
using System.Text.RegularExpressions;

namespace MlnetClip.Weights;

/// <summary>
/// Finds the tensors of a file that a model's parameters are read from. A tensor of the parameter's own name is taken first. Else recurrent layers are known by the end of PyTorch's names,
/// such as <c>weight_ih_l0</c>, whatever the module is called, several modules in the order of their names; and embeddings, layer normalizations and the head by their shapes.
/// </summary>
internal sealed partial class WeightNames
{
    private readonly Dictionary<string, WeightTensor> _byName;
    private readonly List<(string Module, int Layer)> _recurrent;
    private readonly string[] _embeddings, _norms, _dense;

    public WeightNames(IReadOnlyList<WeightTensor> tensors)
    {
        _byName = tensors.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        string[] names = [.. _byName.Keys.OrderBy(Natural, StringComparer.Ordinal)];
        _recurrent = [.. names.Select(name => RecurrentName().Match(name)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, Number(match.Groups[2].Value))).Distinct().OrderBy(layer => Natural(layer.Item1), StringComparer.Ordinal).ThenBy(layer => layer.Item2)];
        string[] modules = [.. names.Where(name => name.EndsWith("weight", StringComparison.Ordinal)).Select(name => name[..^"weight".Length])];
        int Rank(string name) => _byName.TryGetValue(name, out WeightTensor? tensor) ? tensor.Shape.Length : 0;
        _embeddings = [.. modules.Where(module => Rank(module + "weight") == 2 && Rank(module + "bias") == 0)];
        _norms = [.. modules.Where(module => Rank(module + "weight") == 1 && Rank(module + "bias") == 1)];
        _dense = [.. modules.Where(module => Rank(module + "weight") == 2 && Rank(module + "bias") == 1)];
    }

    /// <summary>The tensor of a parameter; null where the file has none.</summary>
    public WeightTensor? Find(string parameter) => _byName.GetValueOrDefault(parameter) ?? (NameOf(parameter) is { } name ? _byName.GetValueOrDefault(name) : null);

    private string? NameOf(string parameter)
    {
        if (RecurrentName().Match(parameter) is { Success: true } match)
        {
            int layer = Number(match.Groups[2].Value);
            if (layer >= _recurrent.Count) return null;
            string kind = parameter[match.Groups[1].Length..];
            return _recurrent[layer].Module + LayerNumber().Replace(kind, $"_l{_recurrent[layer].Layer}");
        }

        int dot = parameter.LastIndexOf('.');
        string module = parameter[..dot], end = parameter[(dot + 1)..];
        if (module == "head") return _dense.Length == 1 ? _dense[0] + end : null;
        (string[] found, int number) = module.StartsWith("norm", StringComparison.Ordinal) ? (_norms, Number(module["norm".Length..])) : (_embeddings, Number(module["embedding".Length..]));
        return number < found.Length ? found[number] + end : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Numbers in a name are compared as numbers.</summary>
    private static string Natural(string name) => Digits().Replace(name, match => match.Value.PadLeft(9, '0'));

    [GeneratedRegex(@"^(.*?)(?:weight_ih|weight_hh|bias_ih|bias_hh)_l([0-9]{1,6})(?:_reverse)?$")]
    private static partial Regex RecurrentName();

    [GeneratedRegex(@"_l[0-9]+")]
    private static partial Regex LayerNumber();

    [GeneratedRegex(@"[0-9]+")]
    private static partial Regex Digits();
}
