using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>The reference model in double against PyTorch and against central differences.</summary>
[TestClass]
public sealed class ReferenceModelTests
{
    public static IEnumerable<object[]> Models => GoldenFile.Names("models").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void MatchesPyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Load(name);
        var model = new ReferenceModel(ModelGolden.Spec(golden));
        foreach ((string parameter, float[] values) in golden.Arrays("parameters"))
            Near.Doubles(values).CopyTo(model.Values[parameter], 0);
        double[] inputs = Near.Doubles(golden.Array("inputs"));
        int steps = golden.Integer("steps");

        double value = model.ComputeGradients(
            inputs, Near.Doubles(golden.Array("targets")), Near.Doubles(golden.Array("weights")), steps, golden.Text("loss"));

        // Both sides are in double; the golden number is rounded to float once.
        Near.AssertAll(Near.Doubles(golden.Array("result")), model.Predict(inputs, steps), 1.2e-7, "result");
        Near.AssertRelative(golden.Number("value"), value, 1.2e-7, "value");
        foreach ((string parameter, float[] gradient) in golden.Arrays("gradients"))
            Near.AssertAll(Near.Doubles(gradient), model.Gradients[parameter], 1.2e-7, parameter);
    }

    [TestMethod]
    [DataRow(RecurrentCell.Lstm, 1, "mse")]
    [DataRow(RecurrentCell.Lstm, 3, "huber:0.3")]
    [DataRow(RecurrentCell.Lstm, 2, "crossentropy")]
    [DataRow(RecurrentCell.Gru, 1, "mse")]
    [DataRow(RecurrentCell.Gru, 2, "huber:0.3")]
    [DataRow(RecurrentCell.RnnRelu, 2, "mse")]
    [DataRow(RecurrentCell.RnnTanh, 1, "mse")]
    [DataRow(RecurrentCell.RnnTanh, 2, "huber:0.3")]
    [DataRow(RecurrentCell.RnnTanh, 3, "crossentropy")]
    public void GradientsMatchCentralDifferences(RecurrentCell cell, int layers, string loss)
    {
        var random = new Random(layers);
        var spec = new StackSpec(Features: 3, HiddenSize: 4, layers, Outputs: 2, Cell: cell);
        var model = new ReferenceModel(spec);
        foreach (double[] values in model.Values.Values) Fill(values, random);
        double[] inputs = new double[5 * 3 * 3], targets = new double[3 * 2], weights = [1, 1, 0, 1, 1, 1];
        Fill(inputs, random);
        if (loss == "crossentropy") targets = [1, 0, 0, 1, 1, 0];
        else Fill(targets, random);

        model.ComputeGradients(inputs, targets, weights, steps: 5, loss);
        Dictionary<string, double[]> gradients = model.Gradients.ToDictionary(g => g.Key, g => g.Value.ToArray());

        foreach ((string name, double[] values) in model.Values)
        {
            double[] differences = FiniteDifferences.Gradient(() => model.ComputeGradients(inputs, targets, weights, steps: 5, loss), values);
            Near.AssertAll(differences, gradients[name], 1e-8, name);
        }
    }

    private static void Fill(double[] values, Random random)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (2 * random.NextDouble()) - 1;
    }
}
