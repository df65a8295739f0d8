using MlnetClip.Core.Tests.Kernels;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>
/// With dropout the gradient belongs to the loss under the step's mask: the change of that loss along the gradient, by
/// a central difference, against the gradient's squared norm.
/// </summary>
[TestClass]
public sealed class DropoutGradientTests
{
    public static IEnumerable<object[]> AllPaths => Paths.All;

    [TestMethod]
    [DynamicData(nameof(AllPaths))]
    public void IsThatOfTheLossUnderTheSameMask(string path)
    {
        var spec = new StackSpec(Features: 4, HiddenSize: 18, Layers: 3, Outputs: 2, Dropout: 0.4f);
        using RandomModel model = RandomModel.Create(spec, timeSteps: 5, batchSize: 7, threads: 2, kernels: Paths.Kernels(path));
        ManagedBackend backend = model.Backend;
        foreach (ref float value in backend.Parameters.Values) value *= 2; // larger derivatives of the lower layers
        float[] values = backend.Parameters.Values.ToArray();
        for (ulong seed = 0; seed < 5; seed++)
        {
            backend.ComputeMeanGradients(model.Batch, seed);
            float[] gradient = backend.Parameters.Gradients.ToArray();
            foreach (string part in new[] { "", "_l0", "_l1", "_l2" })
            {
                // The elements of one layer, or all of them.
                float[] direction = [.. gradient.Select((g, i) => backend.Parameters.Find(i).Name.EndsWith(part, StringComparison.Ordinal) ? g : 0)];
                double squares = direction.Sum(g => (double)g * g);
                float step = (float)(0.01 / Math.Sqrt(squares));
                double difference = (LossAt(step, seed) - LossAt(-step, seed)) / (2.0 * step);

                // 1e-3: the third derivative's share at this step; the losses themselves are good to 1e-6 of the difference.
                Near.AssertRelative(squares, difference, 1e-3, $"derivative along the gradient of '{part}' with mask {seed}");

                double LossAt(float distance, ulong mask)
                {
                    for (int i = 0; i < values.Length; i++) backend.Parameters.Values[i] = values[i] + (distance * direction[i]);
                    double loss = backend.ComputeMeanGradients(model.Batch, mask);
                    values.CopyTo(backend.Parameters.Values);
                    return loss;
                }
            }
        }
    }
}
