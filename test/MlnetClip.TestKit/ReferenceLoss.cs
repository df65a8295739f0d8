using System.Globalization;

namespace MlnetClip.TestKit;

/// <summary>The losses in double, one element at a time, each with its derivative; the reference for the engine's.</summary>
public static class ReferenceLoss
{
    /// <summary>The mean loss of outputs [B, O], and its derivative into <paramref name="dOutputs"/>.</summary>
    /// <param name="text"><c>mse</c>, <c>huber:D</c> or <c>crossentropy</c> (targets one-hot).</param>
    /// <param name="outputs">Outputs of the model, [B, O].</param>
    /// <param name="targets">Targets, [B, O].</param>
    /// <param name="weights">1 for an observed target, 0 for a missing one, [B, O]; at least one is observed.</param>
    /// <param name="dOutputs">Receives the derivative, [B, O].</param>
    /// <param name="width">O.</param>
    public static double Evaluate(
        string text, ReadOnlySpan<double> outputs, ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, Span<double> dOutputs, int width)
    {
        if (text == "crossentropy") return CrossEntropy(outputs, targets, dOutputs, width);
        double delta = text == "mse" ? 0 : double.Parse(text.AsSpan("huber:".Length), CultureInfo.InvariantCulture);
        double sum = 0, count = 0;
        foreach (double weight in weights) count += weight;
        for (int i = 0; i < outputs.Length; i++)
        {
            double error = outputs[i] - targets[i];
            (double loss, double slope) =
                text == "mse" ? (error * error, 2 * error)
                : Math.Abs(error) <= delta ? (0.5 * error * error, error)
                : (delta * (Math.Abs(error) - (0.5 * delta)), delta * Math.Sign(error));
            sum += weights[i] * loss;
            dOutputs[i] = weights[i] * slope / count;
        }

        return sum / count;
    }

    private static double CrossEntropy(ReadOnlySpan<double> outputs, ReadOnlySpan<double> targets, Span<double> dOutputs, int width)
    {
        double sum = 0;
        int sequences = outputs.Length / width;
        for (int start = 0; start < outputs.Length; start += width)
        {
            double largest = double.NegativeInfinity, total = 0;
            for (int i = start; i < start + width; i++) largest = Math.Max(largest, outputs[i]);
            for (int i = start; i < start + width; i++) total += Math.Exp(outputs[i] - largest);
            for (int i = start; i < start + width; i++)
            {
                double logProbability = outputs[i] - largest - Math.Log(total);
                sum -= targets[i] * logProbability;
                dOutputs[i] = (Math.Exp(logProbability) - targets[i]) / sequences;
            }
        }

        return sum / sequences;
    }
}
