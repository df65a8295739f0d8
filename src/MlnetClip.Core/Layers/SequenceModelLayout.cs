using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The parameters of a model: PyTorch's names, shapes and order.</summary>
public static class SequenceModelLayout
{
    private static readonly string[] LstmGates = ["i", "f", "g", "o"];

    /// <summary>
    /// For each recurrent layer k <c>lstm.weight_ih_lk</c> [4H, I], <c>lstm.weight_hh_lk</c> [4H, H], <c>lstm.bias_ih_lk</c> and
    /// <c>lstm.bias_hh_lk</c> [4H], gates in the order i, f, g, o (or <c>rnn.</c> and H rows for <see cref="CellType.Tanh"/>);
    /// then <c>head.weight</c> [O, H] and <c>head.bias</c> [O].
    /// </summary>
    /// <exception cref="ArgumentException">A size or the dropout is outside its range; the message names each of them.</exception>
    public static IReadOnlyList<ParameterSpec> Create(SequenceModelSpec model)
    {
        Validate(model);
        int gates = GatesOf(model.Cell);
        int rows = checked(gates * model.HiddenSize);
        string prefix = model.Cell == CellType.Lstm ? "lstm" : "rnn";
        string[] gateNames = model.Cell == CellType.Lstm ? LstmGates : [];
        var specs = new List<ParameterSpec>();
        for (int layer = 0; layer < model.Layers; layer++)
        {
            int inputs = layer == 0 ? model.Features : model.HiddenSize;
            specs.Add(new($"{prefix}.weight_ih_l{layer}", layer, ParameterRole.Input, rows, inputs) { Gates = gateNames });
            specs.Add(new($"{prefix}.weight_hh_l{layer}", layer, ParameterRole.Recurrent, rows, model.HiddenSize) { Gates = gateNames });
            specs.Add(new($"{prefix}.bias_ih_l{layer}", layer, ParameterRole.Bias, rows, 1, IsBias: true) { Gates = gateNames });
            specs.Add(new($"{prefix}.bias_hh_l{layer}", layer, ParameterRole.Bias, rows, 1, IsBias: true) { Gates = gateNames });
        }

        specs.Add(new("head.weight", model.Layers, ParameterRole.Head, model.Outputs, model.HiddenSize));
        specs.Add(new("head.bias", model.Layers, ParameterRole.Head, model.Outputs, 1, IsBias: true));
        return specs;
    }

    /// <summary>Blocks of rows in a recurrent layer's matrices: 4 for an LSTM, 1 for the plain cell.</summary>
    internal static int GatesOf(CellType cell) => cell == CellType.Lstm ? LstmGates.Length : 1;

    private static void Validate(SequenceModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var errors = new List<string>();
        void AtLeastOne(string option, int value)
        {
            if (value < 1) errors.Add($"SequenceModelSpec.{option} must be at least 1, but is {value}.");
        }

        AtLeastOne(nameof(model.Features), model.Features);
        AtLeastOne(nameof(model.HiddenSize), model.HiddenSize);
        AtLeastOne(nameof(model.Layers), model.Layers);
        AtLeastOne(nameof(model.Outputs), model.Outputs);
        if (!(model.Dropout >= 0f && model.Dropout < 1f))
            errors.Add($"SequenceModelSpec.Dropout must be 0 or more and below 1, but is {model.Dropout}.");
        if (!Enum.IsDefined(model.Cell)) errors.Add($"SequenceModelSpec.Cell must be Lstm or Tanh, but is {model.Cell}.");
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(model));
    }
}
