namespace MlnetClip.Layers;

/// <summary>The sizes of a model: stacked recurrent layers over [T, B, F] and a dense head from the last time step to [B, O].</summary>
/// <param name="Features">F: features per time step, at least 1.</param>
/// <param name="HiddenSize">H: units of each recurrent layer, at least 1.</param>
/// <param name="Layers">Number of stacked recurrent layers, at least 1.</param>
/// <param name="Outputs">O: outputs of the head, at least 1.</param>
/// <param name="Dropout">Share of the outputs between recurrent layers set to zero while training, 0 or more and below 1; PyTorch's meaning.</param>
/// <param name="Cell">The recurrent cell.</param>
public sealed record SequenceModelSpec(
    int Features, int HiddenSize, int Layers, int Outputs, float Dropout = 0f, CellType Cell = CellType.Lstm);
