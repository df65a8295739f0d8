namespace MlnetClip.Weights;

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Its values, row-major.</param>
internal sealed record WeightTensor(string Name, int[] Shape, float[] Values)
{
    /// <summary>For example <c>[20, 2]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
