namespace MlnetClip.TestKit;

/// <summary>Derivatives by central differences, (f(x + h) - f(x - h)) / 2h, in double.</summary>
public static class FiniteDifferences
{
    /// <summary>The gradient of <paramref name="function"/> at <paramref name="point"/>, one element at a time.</summary>
    /// <param name="function">Reads the point that it closes over; called twice for every element.</param>
    /// <param name="point">The point, changed while this runs and restored.</param>
    /// <param name="step">h; the error is about h^2 from the third derivative and 1e-16 / h from rounding.</param>
    public static double[] Gradient(Func<double> function, double[] point, double step = 1e-5)
    {
        var gradient = new double[point.Length];
        for (int i = 0; i < point.Length; i++) gradient[i] = Derivative(function, point, i, step);
        return gradient;
    }

    /// <summary>One element of <see cref="Gradient"/>.</summary>
    public static double Derivative(Func<double> function, double[] point, int element, double step = 1e-5)
    {
        double saved = point[element];
        point[element] = saved + step;
        double above = function();
        point[element] = saved - step;
        double below = function();
        point[element] = saved;
        return (above - below) / (2 * step);
    }
}
