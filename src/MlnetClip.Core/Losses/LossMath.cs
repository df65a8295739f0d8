namespace MlnetClip.Losses;

/// <summary>Computations that several losses share.</summary>
internal static class LossMath
{
    /// <summary>The sum in double, in order.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum;
    }

    /// <summary>The largest value; NaN where one is NaN.</summary>
    public static double Max(ReadOnlySpan<float> values)
    {
        double largest = double.NegativeInfinity;
        foreach (float value in values) largest = Math.Max(largest, value);
        return largest;
    }
}
