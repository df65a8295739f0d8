using MlnetClip.TestKit;
using MlnetClip.TestKit.Networks;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>The reference network in double against PyTorch: the oracle itself is checked before the engine is compared with it.</summary>
[TestClass]
public sealed class ReferenceNetworkTests
{
    // Both sides compute in double; a golden number is rounded to float once, which is 2^-24 of itself.
    private const double Rounding = 6.0e-8;

    public static IEnumerable<object[]> Files =>
        GoldenFile.Names("networks").Concat(GoldenFile.Names("dropout")).Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void OutputsAndLossMatchPyTorch(string name)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        ReferenceNetwork network = golden.ToReference();
        NetworkBatch batch = golden.ToBatch();

        CollectionAssert.AreEqual(golden.Parameters.Keys.ToArray(), network.Names.ToArray());
        Near.AssertAll(Near.Doubles(golden.Outputs), network.Outputs(batch), Rounding, "outputs");
        golden.AssertOutputs([.. network.Outputs(batch).Select(output => (float)output)], 2 * Rounding);
        Near.AssertRelative(golden.Value, network.Loss(batch, golden.Loss), Rounding, "loss");
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void GradientsMatchPyTorch(string name)
    {
        NetworkGolden golden = NetworkGolden.Load(name);
        ReferenceNetwork network = golden.ToReference();
        NetworkBatch batch = golden.ToBatch();
        // About 50 elements of each parameter, from all over it, where trying all would take seconds.
        bool small = golden.Parameters.Values.Sum(values => values.Length) <= 500;

        foreach ((string parameter, float[] expected) in golden.Gradients)
        {
            double scale = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i += small ? 1 : 1 + (expected.Length / 50))
            {
                double actual = network.NumericalDerivative(parameter, i, batch, golden.Loss);
                // Central differences add their own error: about 1e-16 / 2e-6 from rounding, and 4e-12 times a sixth of the third derivative.
                Assert.AreEqual(expected[i], actual, (Rounding * scale) + 2e-9, $"{parameter}, element {i}");
            }
        }
    }
}
