namespace MlnetClip.TestKit;

/// <summary>Classes as indices and one-hot.</summary>
public static class OneHot
{
    /// <summary>The index of the one in each row.</summary>
    /// <param name="oneHot">[N, classes].</param>
    /// <param name="classes">Receives the indices, [N].</param>
    public static void ToClasses(ReadOnlySpan<float> oneHot, Span<float> classes)
    {
        int width = oneHot.Length / classes.Length;
        for (int row = 0; row < classes.Length; row++) classes[row] = oneHot.Slice(row * width, width).IndexOf(1f);
    }

    /// <summary>Rows with a one at each class's place, [N, classes].</summary>
    public static double[] FromClasses(ReadOnlySpan<float> indices, int classes)
    {
        double[] rows = new double[indices.Length * classes];
        for (int row = 0; row < indices.Length; row++) rows[(row * classes) + (int)indices[row]] = 1;
        return rows;
    }
}
