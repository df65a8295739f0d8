namespace MlnetClip.TestKit.Networks;

/// <summary>One layer; only the values that belong to its type matter.</summary>
/// <param name="Type"><c>recurrent</c>, <c>layernorm</c> or <c>dropout</c>.</param>
/// <param name="Cell">Recurrent: <c>lstm</c>, <c>gru</c>, <c>rnntanh</c> or <c>rnnrelu</c>.</param>
/// <param name="Hidden">Recurrent: H, the hidden units of each direction.</param>
/// <param name="Bidirectional">Recurrent: whether a second direction reads each sequence from its end.</param>
/// <param name="RecurrentDropout">Recurrent: the rate; the mask itself is given apart.</param>
/// <param name="Epsilon">Layer normalization: what is added to the variance.</param>
/// <param name="Rate">Dropout: the rate; the mask itself is given apart.</param>
public sealed record LayerDescription(
    string Type, string Cell = "", int Hidden = 0, bool Bidirectional = false, double RecurrentDropout = 0, double Epsilon = 1e-5, double Rate = 0);
