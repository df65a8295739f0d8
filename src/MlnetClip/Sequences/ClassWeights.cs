using System.Globalization;

namespace MlnetClip;

/// <summary>
/// Class weights of a classification: the weight of an example is multiplied by that of its class. Text form:
/// <c>balanced</c>, or the weights in the order of the classes such as <c>1,2.5</c>.
/// </summary>
public sealed record ClassWeights
{
    private readonly float[]? _weights;

    private ClassWeights(float[]? weights, string text) => (_weights, Text) = (weights, text);

    /// <summary>Gives every class the same total weight: rows / (classes * rows of the class), over the training rows.</summary>
    public static ClassWeights Balanced { get; } = new(null, "balanced");

    /// <summary>The text form.</summary>
    public string Text { get; }

    /// <summary>Weights given one by one; null for balanced ones.</summary>
    internal IReadOnlyList<float>? Values => _weights;

    /// <summary>Weights in the order of the classes: false then true, or by key.</summary>
    /// <param name="weights">A weight for each class, above 0 and finite.</param>
    /// <exception cref="ArgumentException">A weight is outside its range, or there is none.</exception>
    public static ClassWeights Of(params float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length == 0) throw new ArgumentException("ClassWeights: there must be a weight for each class, but there is none.", nameof(weights));
        foreach (float weight in weights)
            if (!(weight > 0 && float.IsFinite(weight)))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ClassWeights: a weight must be above 0 and finite, but was {weight:R}."), nameof(weights));
        return new([.. weights], string.Join(',', weights.Select(weight => weight.ToString("R", CultureInfo.InvariantCulture))));
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static ClassWeights Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == Balanced.Text) return Balanced;
        string[] parts = text.Split(',');
        var weights = new float[parts.Length];
        for (int k = 0; k < parts.Length; k++)
        {
            if (!float.TryParse(parts[k], NumberStyles.Float, CultureInfo.InvariantCulture, out weights[k]) || !(weights[k] > 0 && float.IsFinite(weights[k])))
                throw new FormatException($"must be balanced, or a weight above 0 for each class such as 1,2.5, but was '{text}'.");
        }

        return Of(weights);
    }

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text form.</summary>
    public override string ToString() => Text;
}
