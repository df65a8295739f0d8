using MlnetClip.Models;

namespace MlnetClip.Inference;

/// <summary>What predictors check of their inputs.</summary>
internal static class PredictorInputs
{
    /// <summary>Checks that every id, [steps, C], is in its embedding.</summary>
    public static void CheckIds(ModelSpec model, ReadOnlySpan<int> ids)
    {
        int C = model.Embeddings.Count;
        for (int n = 0; n < ids.Length; n++)
        {
            if ((uint)ids[n] >= (uint)model.Embeddings[n % C].Count)
                throw new ArgumentException($"Ids of column {n % C} must be from 0 to {model.Embeddings[n % C].Count - 1}, but one is {ids[n]}.", nameof(ids));
        }
    }
}
