using MlnetClip.Settings;

namespace MlnetClip.Cli.Arguments;

/// <summary>The parameter that a tensor of a file is for, where the tensor's own name does not say it: an entry of <c>--rename</c>.</summary>
/// <param name="Tensor">The tensor's name in the file.</param>
/// <param name="Parameter">The parameter.</param>
internal sealed record TensorName(string Tensor, string Parameter)
{
    /// <summary>Reads entries such as <c>encoder.w=lstm.weight_ih_l0</c>, joined by commas.</summary>
    /// <exception cref="FormatException">An entry has no parameter, or a tensor or a parameter occurs twice.</exception>
    public static IReadOnlyList<TensorName> Parse(string text)
    {
        var all = new List<TensorName>();
        foreach (string entry in NameList.Parse(text, "TENSOR=PARAMETER", "entry"))
        {
            int split = entry.LastIndexOf('='); // a tensor may have one in its name, a parameter has none
            if (split < 1 || split == entry.Length - 1) throw new FormatException($"must be TENSOR=PARAMETER, or several joined by commas, but has '{entry}'.");
            var next = new TensorName(entry[..split].Trim(), entry[(split + 1)..].Trim());
            if (all.Any(one => one.Tensor == next.Tensor)) throw new FormatException($"must name each tensor once, but '{next.Tensor}' occurs twice.");
            if (all.Any(one => one.Parameter == next.Parameter)) throw new FormatException($"must name each parameter once, but '{next.Parameter}' occurs twice.");
            all.Add(next);
        }

        return all;
    }

    /// <summary>The weights with the names of the parameters.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="path">Their file.</param>
    /// <param name="names">The parameters by the tensors' names.</param>
    /// <exception cref="InputException">The file has no such tensor, or another tensor has the name of a parameter already.</exception>
    public static InitialWeights Rename(InitialWeights weights, string path, IReadOnlyList<TensorName> names)
    {
        IReadOnlyList<string> tensors = weights.Names;
        if (names.FirstOrDefault(name => !tensors.Contains(name.Tensor)) is { } unknown)
        {
            throw new InputException(
                $"--rename must name tensors of '{path}', but there is no '{unknown.Tensor}'. The tensors are {string.Join(", ", tensors.Select(name => $"'{name}'"))}.",
                Closest.To(unknown.Tensor, tensors) is { } closest ? $"did you mean '{closest}'?" : null);
        }

        if (names.FirstOrDefault(name => tensors.Contains(name.Parameter) && names.All(other => other.Tensor != name.Parameter)) is { } taken)
        {
            throw new InputException(
                $"--rename must leave one tensor for each parameter, but has '{taken}', and another tensor of '{path}' is named '{taken.Parameter}'.",
                $"name the parameter of that tensor too: --rename {taken},{taken.Parameter}=PARAMETER.");
        }

        // In two passes, so that two tensors can exchange their names.
        foreach ((int i, TensorName name) in names.Index()) weights = weights.Rename(name.Tensor, $"\0{i}");
        foreach ((int i, TensorName name) in names.Index()) weights = weights.Rename($"\0{i}", name.Parameter);
        return weights;
    }

    /// <summary>The entry, which <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Tensor}={Parameter}";
}
