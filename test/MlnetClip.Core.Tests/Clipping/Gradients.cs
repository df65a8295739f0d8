using MlnetClip.TestKit;
using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Parameter sets with seeded values and gradients for the clipping tests.</summary>
internal static class Gradients
{
    /// <summary>Two LSTM layers and a head: every kind of tensor, with gates.</summary>
    public static ParameterSet Lstm(int features = 3, int hidden = 5, int layers = 2, int outputs = 2)
    {
        var parameters = new ParameterSet(ModelLayout.Create(new StackSpec(features, hidden, layers, outputs)));
        var random = new SeededRandom(7);
        foreach (ref float value in parameters.Values) value = 0.5f * Symmetric(random);
        return parameters;
    }

    /// <summary>Fills the gradient with uniform numbers and scales it to a 2-norm.</summary>
    public static void Fill(ParameterSet parameters, ulong seed, double norm)
    {
        var random = new SeededRandom(seed);
        Span<float> gradients = parameters.Gradients;
        foreach (ref float gradient in gradients) gradient = Symmetric(random);
        double factor = norm / Norm(gradients);
        for (int i = 0; i < gradients.Length; i++) gradients[i] = (float)(gradients[i] * factor);
    }

    /// <summary>The 2-norm, in the plainest way.</summary>
    public static double Norm(ReadOnlySpan<float> gradients, double order = 2)
    {
        double largest = 0, sum = 0;
        foreach (float gradient in gradients) largest = Math.Max(largest, Math.Abs(gradient));
        if (largest == 0 || double.IsInfinity(order)) return largest;
        foreach (float gradient in gradients) sum += Math.Pow(Math.Abs(gradient) / largest, order);
        return largest * Math.Pow(sum, 1 / order);
    }

    private static float Symmetric(SeededRandom random) => (2f * random.NextSingle()) - 1f;
}
