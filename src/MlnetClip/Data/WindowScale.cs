namespace MlnetClip.Data;

/// <summary>How the values that follow a window are converted: <c>x' = (x - origin) / scale</c>.</summary>
/// <param name="Origin">What is subtracted, in the data's unit.</param>
/// <param name="Scale">The divisor, above 0.</param>
internal readonly record struct WindowScale(double Origin, double Scale)
{
    /// <summary>From the data's unit to the network's.</summary>
    public float ToNetwork(double value) => (float)((value - Origin) / Scale);

    /// <summary>From the network's unit to the data's.</summary>
    public double ToData(double value) => Origin + (value * Scale);
}
