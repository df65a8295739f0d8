using System.Globalization;

namespace MlnetClip.TestKit.Networks;

/// <summary>The losses in double, from their definitions.</summary>
public static class NetworkLoss
{
    /// <summary>sum(weight * loss) / sum(weight). Where a weight is 0, neither output nor target is read.</summary>
    /// <param name="text"><c>mse</c>, <c>huber:D</c> or <c>crossentropy</c>.</param>
    /// <param name="outputs">[S, B, O].</param>
    /// <param name="targets">[S, B, K]; class indices for <c>crossentropy</c>.</param>
    /// <param name="weights">[S, B, K].</param>
    /// <param name="width">O.</param>
    public static double Mean(string text, ReadOnlySpan<double> outputs, ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, int width)
    {
        int K = text == "crossentropy" ? 1 : width;
        double sum = 0, weightSum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            ReadOnlySpan<double> row = outputs.Slice(i / K * width, width);
            sum += weights[i] * (text == "crossentropy" ? CrossEntropy(row, (int)targets[i]) : OfError(text, row[i % K] - targets[i]));
            weightSum += weights[i];
        }

        return sum / weightSum;
    }

    private static double OfError(string text, double error)
    {
        if (text == "mse") return error * error;
        double delta = double.Parse(text.AsSpan("huber:".Length), CultureInfo.InvariantCulture);
        return Math.Abs(error) <= delta ? 0.5 * error * error : delta * (Math.Abs(error) - (0.5 * delta));
    }

    // -log softmax(outputs)[target].
    private static double CrossEntropy(ReadOnlySpan<double> outputs, int target)
    {
        double largest = double.NegativeInfinity, total = 0;
        foreach (double output in outputs) largest = Math.Max(largest, output);
        foreach (double output in outputs) total += Math.Exp(output - largest);
        return Math.Log(total) + largest - outputs[target];
    }
}
