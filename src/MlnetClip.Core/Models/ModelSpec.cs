using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Models;

/// <summary>
/// A model as data: features and embeddings of a time step, the layers from the inputs up, and the head. Equal by value; saved with the
/// model as JSON.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>The most recurrent layers of a model.</summary>
    public const int MostRecurrentLayers = 1000;

    /// <summary>The most layers of all kinds, and the most embeddings.</summary>
    internal const int MostLayers = 4 * MostRecurrentLayers;

    /// <summary>F: real features per time step, 0 or more; at least 1 without embeddings.</summary>
    public required int Features { get; init; }

    /// <summary>One embedding for each id column; none by default.</summary>
    public IReadOnlyList<EmbeddingSpec> Embeddings { get; init; } = [];

    /// <summary>The layers from the inputs up; 1 to 1000 of them are recurrent, and at most 4000 there are in all.</summary>
    public required IReadOnlyList<LayerSpec> Layers { get; init; }

    /// <summary>The head.</summary>
    public required HeadSpec Head { get; init; }

    /// <summary>Creates a stack of equal recurrent layers with dropout between them, like <c>nn.LSTM(num_layers, dropout)</c>, and a head.</summary>
    /// <param name="features">F, at least 1.</param>
    /// <param name="layer">The recurrent layer.</param>
    /// <param name="layers">The number of layers, at least 1.</param>
    /// <param name="head">The head.</param>
    /// <param name="dropout">Probability of the dropout between two layers, 0 or more and below 1; a single layer has none.</param>
    public static ModelSpec Stack(int features, RecurrentSpec layer, int layers, HeadSpec head, float dropout = 0f)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        var stack = new List<LayerSpec>();
        for (int k = 0; k < layers; k++)
        {
            if (k > 0 && dropout != 0f) stack.Add(new DropoutSpec(dropout));
            stack.Add(layer);
        }

        return new ModelSpec { Features = features, Layers = stack, Head = head };
    }

    /// <summary>True when a time step's values are copied together before the first layer reads them: recurrent layers alone read features in place.</summary>
    internal bool GathersInputs => Embeddings.Count > 0 || Layers[0] is not RecurrentSpec;

    /// <summary>Values per time step that the first layer reads: features and embeddings.</summary>
    /// <exception cref="OverflowException">The model is not valid: there are more than an array can hold.</exception>
    internal int InputSize => checked((int)LongInputSize);

    private long LongInputSize => Features + Embeddings.Sum(embedding => (long)embedding.Size);

    /// <summary>Checks all sizes and reports every error together.</summary>
    /// <exception cref="ArgumentException">A size is outside its range; the message names each of them.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(ModelSpec));
        CheckLists(errors);
        errors.ThrowIfAny();
        errors.Check(new OptionRange(nameof(Features), Embeddings.Count > 0 ? 0 : 1), Features);
        for (int j = 0; j < Embeddings.Count; j++)
        {
            errors.Check(new OptionRange($"Embeddings[{j}].{nameof(EmbeddingSpec.Count)}", 1), Embeddings[j].Count);
            errors.Check(new OptionRange($"Embeddings[{j}].{nameof(EmbeddingSpec.Size)}", 1), Embeddings[j].Size);
        }

        for (int k = 0; k < Layers.Count; k++) Check(errors, $"Layers[{k}]", Layers[k]);
        int recurrent = Layers.Count(layer => layer is RecurrentSpec);
        if (recurrent == 0) errors.Add(nameof(Layers), "must have a recurrent layer", $"{Layers.Count} others");
        if (recurrent > MostRecurrentLayers) errors.Add(nameof(Layers), $"must have at most {MostRecurrentLayers} recurrent layers", $"{recurrent}");
        if (errors.Errors.Count == 0 && LongInputSize > Array.MaxLength)
            errors.Add(nameof(Embeddings), $"must make at most {Array.MaxLength} values per time step, with the features", $"{LongInputSize}");
        errors.Check(new OptionRange($"Head.{nameof(HeadSpec.Outputs)}", 1), Head.Outputs);
        if (!Enum.IsDefined(Head.Pooling)) errors.Add($"Head.{nameof(HeadSpec.Pooling)}", "must be Last, Mean, Max or EveryStep", $"{Head.Pooling}");
        errors.ThrowIfAny();
    }

    private void CheckLists(OptionErrors errors)
    {
        if (Layers is null || Layers.Count > MostLayers) errors.Add(nameof(Layers), $"must be at most {MostLayers} layers", Layers is null ? "null" : $"{Layers.Count}");
        if (Embeddings is null || Embeddings.Count > MostLayers || Embeddings.Contains(null!))
            errors.Add(nameof(Embeddings), $"must be at most {MostLayers} embeddings", Embeddings is null ? "null" : Embeddings.Count > MostLayers ? $"{Embeddings.Count}" : "one that is null");
        if (Head is null) errors.Add(nameof(Head), "must be set", "null");
    }

    private static void Check(OptionErrors errors, string name, LayerSpec layer)
    {
        switch (layer)
        {
            case RecurrentSpec recurrent:
                errors.Check(new OptionRange($"{name}.{nameof(recurrent.HiddenSize)}", 1), recurrent.HiddenSize);
                errors.Check(new OptionRange($"{name}.{nameof(recurrent.RecurrentDropout)}", 0, 1, MaximumLegal: false), recurrent.RecurrentDropout);
                if (!Enum.IsDefined(recurrent.Cell)) errors.Add($"{name}.{nameof(recurrent.Cell)}", "must be Lstm, Gru, RnnTanh or RnnRelu", $"{recurrent.Cell}");
                if (recurrent.ForgetGateBias is { } bias && (recurrent.Cell != RecurrentCell.Lstm || !float.IsFinite(bias)))
                {
                    errors.Add($"{name}.{nameof(recurrent.ForgetGateBias)}", "must be a finite number, for an LSTM cell only",
                        $"{bias.ToString(CultureInfo.InvariantCulture)} for {recurrent.Cell}");
                }

                break;
            case DropoutSpec dropout:
                errors.Check(new OptionRange($"{name}.{nameof(dropout.Probability)}", 0, 1, MaximumLegal: false), dropout.Probability);
                break;
            case LayerNormalizationSpec norm:
                errors.Check(new OptionRange($"{name}.{nameof(norm.Epsilon)}", 0, 1, MinimumLegal: false), norm.Epsilon);
                break;
            default:
                errors.Add(name, "must be a layer", "null");
                break;
        }
    }

    /// <inheritdoc/>
    public bool Equals(ModelSpec? other) =>
        other is not null && Features == other.Features && Embeddings.SequenceEqual(other.Embeddings)
        && Layers.SequenceEqual(other.Layers) && Head == other.Head;

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Features);
        foreach (EmbeddingSpec embedding in Embeddings) hash.Add(embedding);
        foreach (LayerSpec layer in Layers) hash.Add(layer);
        hash.Add(Head);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>features(1) lstm(32) dropout(0.2) lstm(32) head(last, 26)</c>.</summary>
    public override string ToString() =>
        string.Join(' ', [$"features({Features})", .. Embeddings.Select(e => $"{e}"), .. Layers.Select(l => $"{l}"), $"{Head}"]);
}
