namespace MlnetClip.TestKit.Networks;

/// <summary>Pooling over the valid steps of a sequence, then a dense layer.</summary>
/// <param name="Pooling"><c>last</c> (each direction's final state), <c>mean</c>, <c>max</c> or <c>everystep</c>.</param>
/// <param name="Outputs">O, the outputs of the dense layer.</param>
public sealed record HeadDescription(string Pooling, int Outputs);
