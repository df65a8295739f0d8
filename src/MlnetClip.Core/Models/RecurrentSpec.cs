using System.Globalization;

namespace MlnetClip.Models;

/// <summary>A recurrent layer.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="HiddenSize">H: hidden units of each direction, at least 1.</param>
/// <param name="Bidirectional">True for a second set of weights that reads the sequence backward; its H outputs follow those of the forward direction, 2H in all.</param>
/// <param name="RecurrentDropout">
/// Share of the hidden state that is set to zero in the recurrent products while training, with one mask per sequence for all time
/// steps (Gal and Ghahramani, 2016); 0 or more and below 1.
/// </param>
/// <param name="ForgetGateBias">
/// The initial sum of the forget gates' two biases (Jozefowicz et al., 2015, recommend 1); null for PyTorch's initialization. For LSTM cells only.
/// </param>
public sealed record RecurrentSpec(
    RecurrentCell Cell, int HiddenSize, bool Bidirectional = false, float RecurrentDropout = 0f, float? ForgetGateBias = null) : LayerSpec
{
    /// <summary>1, or 2 for a bidirectional layer.</summary>
    internal int Directions => Bidirectional ? 2 : 1;

    internal override int OutputsOf(int inputs) => HiddenSize * Directions;

    /// <summary>For example <c>lstm(32)</c> or <c>gru(64, bidirectional)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Cell.ToString().ToLowerInvariant()}({HiddenSize}{(Bidirectional ? ", bidirectional" : "")}")
        + (RecurrentDropout == 0f ? "" : string.Create(CultureInfo.InvariantCulture, $", recurrent dropout {RecurrentDropout}"))
        + (ForgetGateBias is { } bias ? string.Create(CultureInfo.InvariantCulture, $", forget gate bias {bias}") : "") + ")";
}
