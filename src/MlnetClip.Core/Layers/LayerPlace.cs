namespace MlnetClip.Layers;

/// <summary>The position of a layer in a model, and the largest batch that it must hold.</summary>
/// <param name="MaxTimeSteps">The largest T.</param>
/// <param name="MaxBatchSize">The largest B.</param>
/// <param name="MaxParts">The largest number of parts of a batch.</param>
/// <param name="Index">The layer's number among its kind, from 0 at the inputs.</param>
/// <param name="ReadsCallersMemory">True for the first layer over a batch's own inputs, whose rows end where the array does.</param>
/// <param name="NeedsInputGradient">True when a layer below is trained.</param>
internal readonly record struct LayerPlace(int MaxTimeSteps, int MaxBatchSize, int MaxParts, int Index, bool ReadsCallersMemory, bool NeedsInputGradient);
