using MlnetClip.Checkpoints;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Weights;

/// <summary>The weights of a file in the layout of a model, ready to be copied.</summary>
internal sealed class FittedWeights
{
    private readonly Dictionary<string, float[]> _values = new(StringComparer.Ordinal);

    private FittedWeights()
    {
    }

    /// <summary>Finds the tensor of each parameter.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="model">The model.</param>
    /// <param name="owner">The options as users name them, for the error.</param>
    /// <exception cref="ArgumentException">Names or shapes do not fit; the message lists all of them.</exception>
    public static FittedWeights Of(InitialWeights weights, ModelSpec model, string owner)
    {
        var fitted = new FittedWeights();
        var names = new WeightNames(weights.Tensors);
        var problems = new List<string>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (ParameterSpec parameter in ModelLayout.Create(model))
        {
            WeightTensor? tensor = names.Find(parameter.Name);
            if (tensor is not null) used.Add(tensor.Name);
            if (parameter.Role == ParameterRole.Head && !weights.KeepsHead) continue;
            int[] shape = parameter.IsBias || parameter.Role == ParameterRole.Normalization ? [parameter.Rows] : [parameter.Rows, parameter.Columns];
            string expected = $"{parameter.Name} [{string.Join(", ", shape)}]";
            if (tensor is null) problems.Add($"{expected} is not in the file");
            else if (!FloatBlock.IsFinite(tensor.Values)) problems.Add($"{expected} is '{tensor.Name}' in the file, which has values that are NaN, infinite or beyond the range of Single");
            else if (tensor.Shape.SequenceEqual(shape)) fitted._values[parameter.Name] = (float[])tensor.Values.Clone();
            else if (parameter.Role == ParameterRole.Embedding && tensor.Shape.SequenceEqual([shape[0] - 1, shape[1]]))
                fitted._values[parameter.Name] = [.. new float[shape[1]], .. tensor.Values]; // without a vector for a missing key, which is 0 then
            else problems.Add($"{expected} is '{tensor.Name}' {tensor.ShapeText} in the file");
        }

        problems.AddRange(weights.Tensors.Where(tensor => !used.Contains(tensor.Name) && (weights.KeepsHead || tensor.Shape.Length > 2 || !IsDense(tensor, weights.Tensors)))
            .Select(tensor => $"the model has no parameter for '{tensor.Name}' {tensor.ShapeText}"));
        if (problems.Count > 0)
        {
            throw new ArgumentException(
                $"{owner}.{nameof(LstmTrainerOptions.InitialWeights)} must fit the model {model}, but of {weights}{Environment.NewLine}  "
                + string.Join($"{Environment.NewLine}  ", problems) + Environment.NewLine
                + $"Hint: the sizes of the options must be the file's; {nameof(InitialWeights.Rename)} gives a tensor the name of its parameter, and {nameof(InitialWeights.WithoutHead)} leaves the head random.");
        }

        return fitted;
    }

    /// <summary>
    /// Changes the first layer and the head so that the model predicts what the file's does, although its scaling is another one: with <c>x'</c> and <c>y'</c> the model's scaled features
    /// and output, <c>W x</c> becomes <c>W (x' scale + mean)</c>, and so on.
    /// </summary>
    public void Rescale(WeightUnits from, WeightUnits to)
    {
        foreach (string name in _values.Keys.Where(name => name.Contains(".weight_ih_l0", StringComparison.Ordinal)).ToArray())
        {
            float[] weight = _values[name], bias = _values[name.Replace("weight_ih", "bias_ih", StringComparison.Ordinal)];
            int columns = weight.Length / bias.Length;
            for (int row = 0; row < bias.Length; row++)
            {
                double shift = 0;
                for (int f = 0; f < columns; f++)
                {
                    ref float w = ref weight[(row * columns) + f];
                    shift += w * (to.Mean(f) - from.Mean(f)) / from.Scale(f);
                    w = (float)(w * (to.Scale(f) / from.Scale(f)));
                }

                bias[row] = (float)(bias[row] + shift);
            }
        }

        if (!_values.TryGetValue("head.weight", out float[]? head) || (from.LabelMean == to.LabelMean && from.LabelScale == to.LabelScale)) return;
        foreach (ref float w in head.AsSpan()) w = (float)(w * from.LabelScale / to.LabelScale);
        foreach (ref float b in _values["head.bias"].AsSpan()) b = (float)((from.LabelMean + (b * from.LabelScale) - to.LabelMean) / to.LabelScale);
    }

    /// <summary>Copies the weights.</summary>
    public void CopyTo(ParameterSet parameters)
    {
        foreach ((string name, float[] values) in _values) values.CopyTo(parameters.ValuesOf(parameters[name]));
    }

    /// <summary>Whether a tensor belongs to a dense layer, which <see cref="InitialWeights.WithoutHead"/> leaves out.</summary>
    private static bool IsDense(WeightTensor tensor, IReadOnlyList<WeightTensor> tensors)
    {
        string module = tensor.Name.EndsWith("weight", StringComparison.Ordinal) ? tensor.Name[..^"weight".Length]
            : tensor.Name.EndsWith("bias", StringComparison.Ordinal) ? tensor.Name[..^"bias".Length] : "?";
        return tensors.Any(other => other.Name == module + "weight" && other.Shape.Length == 2) && tensors.Any(other => other.Name == module + "bias" && other.Shape.Length == 1);
    }
}
