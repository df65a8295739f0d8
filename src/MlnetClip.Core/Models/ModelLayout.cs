using MlnetClip.Parameters;

namespace MlnetClip.Models;

/// <summary>The parameters of a model: PyTorch's names, shapes and order.</summary>
public static class ModelLayout
{
    private static readonly string[] LstmGates = ["i", "f", "g", "o"], GruGates = ["r", "z", "n"];

    /// <summary>
    /// Embeddings first, <c>embedding0.weight</c> [Count, Size]; then for recurrent layer k, counted from 0, <c>lstm.weight_ih_lk</c> [G * H, I],
    /// <c>lstm.weight_hh_lk</c> [G * H, H], <c>lstm.bias_ih_lk</c> and <c>lstm.bias_hh_lk</c> [G * H], gates in the order of
    /// <see cref="RecurrentCell"/> (or <c>gru.</c>, <c>rnn.</c>), and for the backward direction the same with <c>_reverse</c>; <c>norm0.weight</c> and
    /// <c>norm0.bias</c> of layer normalizations; then <c>head.weight</c> [O, H] and <c>head.bias</c> [O].
    /// </summary>
    /// <exception cref="ArgumentException">A size is outside its range; the message names each of them.</exception>
    public static IReadOnlyList<ParameterSpec> Create(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Validate();
        var specs = new List<ParameterSpec>();
        int layer = 0, recurrent = 0, norms = 0, inputs = model.InputSize;
        for (int j = 0; j < model.Embeddings.Count; j++)
            Add(specs, new($"embedding{j}.weight", layer, ParameterRole.Embedding, model.Embeddings[j].Count, model.Embeddings[j].Size));
        if (model.Embeddings.Count > 0) layer++;
        foreach (LayerSpec spec in model.Layers)
        {
            if (spec is RecurrentSpec cell) AddRecurrent(specs, cell, layer++, recurrent++, inputs);
            else if (spec is LayerNormalizationSpec)
            {
                Add(specs, new($"norm{norms}.weight", layer, ParameterRole.Normalization, inputs, 1));
                Add(specs, new($"norm{norms++}.bias", layer++, ParameterRole.Normalization, inputs, 1, IsBias: true));
            }

            inputs = spec.OutputsOf(inputs);
        }

        Add(specs, new("head.weight", layer, ParameterRole.Head, model.Head.Outputs, inputs));
        Add(specs, new("head.bias", layer, ParameterRole.Head, model.Head.Outputs, 1, IsBias: true));
        long values = specs.Sum(spec => (long)spec.Rows * spec.Columns);
        return values <= Array.MaxLength
            ? specs
            : throw new ArgumentException($"ModelSpec: all parameters together would have {values} values; at most {Array.MaxLength} fit. Hint: a smaller hidden size.");
    }

    /// <summary>Names of the blocks of rows in the matrices of a cell, from the top; empty for the plain cells, which have one.</summary>
    internal static IReadOnlyList<string> GatesOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm => LstmGates,
        RecurrentCell.Gru => GruGates,
        _ => [],
    };

    private static void AddRecurrent(List<ParameterSpec> specs, RecurrentSpec cell, int layer, int index, int inputs)
    {
        IReadOnlyList<string> gates = GatesOf(cell.Cell);
        long rows = Math.Max(1, gates.Count) * (long)cell.HiddenSize;
        string prefix = cell.Cell switch { RecurrentCell.Lstm => "lstm", RecurrentCell.Gru => "gru", _ => "rnn" };
        foreach (string suffix in cell.Bidirectional ? new[] { "", "_reverse" } : [""])
        {
            AddMatrix("weight_ih", ParameterRole.Input, inputs, false);
            AddMatrix("weight_hh", ParameterRole.Recurrent, cell.HiddenSize, false);
            AddMatrix("bias_ih", ParameterRole.Bias, 1, true);
            AddMatrix("bias_hh", ParameterRole.Bias, 1, true);

            void AddMatrix(string name, ParameterRole role, int columns, bool isBias)
            {
                string full = $"{prefix}.{name}_l{index}{suffix}";
                CheckSize(full, rows, columns);
                specs.Add(new(full, layer, role, (int)rows, columns, isBias) { Gates = gates });
            }
        }
    }

    private static void Add(List<ParameterSpec> specs, ParameterSpec spec)
    {
        CheckSize(spec.Name, spec.Rows, spec.Columns);
        specs.Add(spec);
    }

    private static void CheckSize(string name, long rows, long columns)
    {
        if (rows * columns > Array.MaxLength)
            throw new ArgumentException($"ModelSpec: '{name}' would have {rows} x {columns} values; at most {Array.MaxLength} fit. Hint: a smaller hidden size.");
    }
}
