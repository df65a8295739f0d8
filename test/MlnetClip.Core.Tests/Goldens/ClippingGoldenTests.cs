using MlnetClip.Core.Tests.Clipping;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>Clipping by norm and by value against PyTorch's clip_grad_norm_ and clip_grad_value_, and what adapts against its paper's formulas.</summary>
[TestClass]
public sealed class ClippingGoldenTests
{
    private static readonly GoldenFile Golden = GoldenFile.Load("clipping/one-step");

    public static IEnumerable<object[]> Settings =>
        Golden.Objects("cases").SelectMany(c => new object[][] { [c.Text("clipping"), false], [c.Text("clipping"), true] });

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void MatchesPyTorch(string text, bool deferScale)
    {
        int rows = Golden.Integer("rows"), columns = Golden.Integer("columns");
        var parameters = new ParameterSet(
        [
            new("weight", 0, ParameterRole.Input, rows, columns),
            new("bias", 0, ParameterRole.Bias, rows, 1, IsBias: true),
            new("head", 1, ParameterRole.Head, 1, rows),
        ]);
        foreach ((string name, float[] gradient) in Golden.Arrays("gradients"))
            gradient.CopyTo(parameters.GradientsOf(parameters[name]));
        var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters, deferScale: deferScale);

        ClipReport report = chain.Apply(new ClippingStep(0));

        Near.AssertRelative(Golden.Number("norm"), report.NormBefore, 1.2e-7, "norm before");
        double squares = 0;
        foreach ((string name, float[] expected) in Golden.Objects("cases").Single(c => c.Text("clipping") == text).Arrays("gradients"))
        {
            float[] actual = [.. parameters.GradientsOf(parameters[name]).ToArray().Select(g => g * report.PendingScale)];
            // PyTorch adds 1e-6 to the norm that it divides by; the smallest norm here is 1.9.
            Near.AssertAll(expected, actual, 1e-6, name);
            squares += actual.Sum(g => (double)g * g);
        }

        Near.AssertRelative(Math.Sqrt(squares), report.NormAfter, 1e-6, "norm after");
    }

    [TestMethod]
    public void AdaptsToTheUnitsWeightsAsInThePaper()
    {
        GoldenFile golden = GoldenFile.Load("clipping/by-unit");
        int rows = golden.Integer("rows"), columns = golden.Integer("columns");
        foreach (GoldenFile expected in golden.Objects("cases"))
        {
            var parameters = new ParameterSet(
            [
                new("weight", 0, ParameterRole.Input, rows, columns),
                new("bias", 0, ParameterRole.Bias, rows, 1, IsBias: true),
                new("head", 1, ParameterRole.Head, 1, rows),
            ]);
            foreach ((string name, float[] values) in golden.Arrays("values")) values.CopyTo(parameters.ValuesOf(parameters[name]));
            foreach ((string name, float[] gradient) in golden.Arrays("gradients")) gradient.CopyTo(parameters.GradientsOf(parameters[name]));
            new Clipper(GradientClipping.Parse(expected.Text("clipping")), NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
            foreach ((string name, float[] gradient) in expected.Arrays("gradients"))
                Near.AssertAll(gradient, parameters.GradientsOf(parameters[name]), 1e-6, $"{expected.Text("clipping")}: {name}");
        }
    }

    [TestMethod]
    public void AdaptsToTheNormsSoFarAsInThePapers()
    {
        GoldenFile golden = GoldenFile.Load("clipping/by-history");
        float[] norms = golden.Array("norms");
        foreach (GoldenFile expected in golden.Objects("cases"))
        {
            string text = expected.Text("clipping");
            float[] after = expected.Array("after");
            float[] thresholds = text.StartsWith("autoclip", StringComparison.Ordinal) ? expected.Array("thresholds") : [];
            var parameters = new ParameterSet([new("weight", 0, ParameterRole.Input, 1, 2)]);
            var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
            for (int step = 0; step < norms.Length; step++)
            {
                parameters.Gradients[0] = 0.6f * norms[step];
                parameters.Gradients[1] = -0.8f * norms[step];
                ClipReport report = chain.Apply(new ClippingStep(step));
                Near.AssertRelative(after[step], report.NormAfter, 1e-6, $"{text}, norm after step {step}");
                Near.AssertRelative(after[step], Math.Sqrt(parameters.Gradients.ToArray().Sum(g => (double)g * g)), 1e-6, $"{text}, gradient of step {step}");
                if (thresholds.Length > 0) Near.AssertRelative(thresholds[step], report.Threshold, 1e-6, $"{text}, threshold of step {step}");
            }
        }
    }
}
