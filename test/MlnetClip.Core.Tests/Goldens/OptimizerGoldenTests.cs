using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>Every optimizer against twelve steps of PyTorch's.</summary>
[TestClass]
public sealed class OptimizerGoldenTests
{
    public static IEnumerable<object[]> Optimizers => GoldenFile.Names("optimizers").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void MatchesPyTorch(string name) => Run(name, clipScale: 1f);

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void AppliesTheScaleThatClippingLeftToIt(string name) => Run(name, clipScale: 0.25f);

    private static void Run(string name, float clipScale)
    {
        GoldenFile golden = GoldenFile.Load(name);
        int rows = golden.Integer("rows"), columns = golden.Integer("columns");
        var parameters = new ParameterSet(
        [
            new("weight", 0, ParameterRole.Input, rows, columns),
            new("bias", 0, ParameterRole.Bias, rows, 1, IsBias: true),
        ]);
        Copy(golden.Arrays("initial"), parameters, 1f, gradients: false);
        Optimizer optimizer = Optimizer.Parse(golden.Text("optimizer"));
        OptimizerState state = optimizer.CreateState(parameters);
        int number = 0;
        foreach (GoldenFile step in golden.Objects("steps"))
        {
            // A gradient divided by a power of two is exact, and so is its product with the scale.
            Copy(step.Arrays("gradients"), parameters, 1f / clipScale, gradients: true);
            optimizer.Step(parameters, state, (float)step.Number("rate"), clipScale);
            number++;
            foreach ((string parameter, float[] values) in step.Arrays("values"))
                Near.AssertAll(values, parameters.ValuesOf(parameters[parameter]), 1e-6, $"{parameter} after step {number}");
        }

        Assert.AreEqual(12, state.Updates);
    }

    private static void Copy(IReadOnlyDictionary<string, float[]> from, ParameterSet to, float factor, bool gradients)
    {
        foreach ((string name, float[] values) in from)
        {
            Span<float> target = gradients ? to.GradientsOf(to[name]) : to.ValuesOf(to[name]);
            for (int i = 0; i < values.Length; i++) target[i] = values[i] * factor;
        }
    }
}
