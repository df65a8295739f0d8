using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Onnx.Forecasting;

/// <summary>The linear part of a forecaster as nodes, in double precision: what <see cref="LinearInputs.Read"/> reads, and the product with the coefficients.</summary>
internal static class LinearGraph
{
    /// <summary>Writes the linear part.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="linear">The linear part.</param>
    /// <param name="series">The constants of the series.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="channels">What the network reads, float [N, T] each, in the order of the layout.</param>
    /// <returns>The forecast in the network's unit, double [N, H, K].</returns>
    public static string Write(OnnxGraph graph, LinearForecast linear, SeriesConstants series, ScaledTarget[] targets, IReadOnlyList<string> channels)
    {
        WindowLayout layout = series.Encoder.Layout;
        LinearInputs inputs = linear.Inputs;
        int W = layout.WindowSize, future = layout.Targets + layout.Past, calendar = future + layout.Future;
        string Last(int channel) => Double(graph, ScaledTarget.Rows(graph, channels[channel], W - inputs.Rows, W));
        string EndOf(int channel) => Double(graph, ScaledTarget.Rows(graph, channels[channel], W - 1, W));
        var parts = new List<string>();
        for (int f = 0; f < future; f++) parts.Add(Last(f));
        for (int k = 0; k < layout.Targets; k++) parts.Add(Level(graph, inputs, series, targets[k], k));
        for (int i = 0; i < layout.Calendar; i += 2) parts.AddRange(Harmonics(graph, EndOf(calendar + i), EndOf(calendar + i + 1)));
        for (int i = 0; i < layout.Static; i++) parts.Add(EndOf(calendar + layout.Calendar + i));
        if (inputs.ReadsFuture)
        {
            for (int i = 0; i < layout.Future; i++) parts.Add(Last(future + i));
            string[] ahead = [.. Enumerable.Range(future, layout.Future).Select(f =>
                graph.Node("Unsqueeze", [Double(graph, ScaledTarget.Rows(graph, channels[f], W, layout.TimeSteps))], ("axes", new long[] { 2 })))];
            parts.Add(graph.Node("Reshape", [graph.Node("Concat", ahead, ("axis", 2L)), graph.Integers("shape", 0, -1)]));
        }

        string x = graph.Node("Concat", [.. parts], ("axis", 1L));
        string y = graph.Node("Add", [graph.Node("MatMul", [x, Coefficients(graph, linear.Part)]), Intercepts(graph, linear.Part)]);
        return graph.Node("Reshape", [y, graph.Integers("shape", 0, layout.Horizon, layout.Targets)]);
    }

    private static string Double(OnnxGraph graph, string value) => graph.Node("Cast", [value], ("to", typeof(double)));

    /// <summary>A target's level relative to the mean of its series, [N, 1].</summary>
    private static string Level(OnnxGraph graph, LinearInputs inputs, SeriesConstants series, ScaledTarget target, int k)
    {
        string mean = series.Value("level", [.. inputs.Means.Select(means => means[k])], inputs.Pooled[k]);
        string level = graph.Node("Div", [graph.Node("Sub", [target.Origin, mean]), target.Scale]);
        string rows = graph.Node("Shape", [ScaledTarget.Rows(graph, target.History, 0, 1)]);
        return graph.Node("Expand", [level, rows]);
    }

    /// <summary>Sine and cosine of the multiples of a phase, from its own: each from the one before by the addition theorem.</summary>
    private static List<string> Harmonics(OnnxGraph graph, string sine, string cosine)
    {
        string length = graph.Node("Sqrt", [graph.Node("Add", [graph.Node("Mul", [sine, sine]), graph.Node("Mul", [cosine, cosine])])]);
        string unknown = graph.Node("Equal", [length, graph.Constant("zero", [0d], 1, 1)]); // a time that is not known has phase 0
        string s1 = graph.Node("Where", [unknown, graph.Constant("zero", [0d], 1, 1), graph.Node("Div", [sine, length])]);
        string c1 = graph.Node("Where", [unknown, graph.Constant("one", [1d], 1, 1), graph.Node("Div", [cosine, length])]);
        List<string> parts = [s1, c1];
        (string s, string c) = (s1, c1);
        for (int harmonic = 2; harmonic <= LinearInputs.Harmonics; harmonic++)
        {
            (s, c) = (
                graph.Node("Add", [graph.Node("Mul", [s, c1]), graph.Node("Mul", [c, s1])]),
                graph.Node("Sub", [graph.Node("Mul", [c, c1]), graph.Node("Mul", [s, s1])]));
            parts.AddRange([s, c]);
        }

        return parts;
    }

    private static string Coefficients(OnnxGraph graph, LinearPart part)
    {
        double[] transposed = new double[part.Features * part.Outputs];
        for (int output = 0; output < part.Outputs; output++)
            for (int feature = 0; feature < part.Features; feature++) transposed[(feature * part.Outputs) + output] = part.Weights(output)[feature];
        return graph.Constant("linear.weight", transposed, part.Features, part.Outputs);
    }

    private static string Intercepts(OnnxGraph graph, LinearPart part) =>
        graph.Constant("linear.bias", Enumerable.Range(0, part.Outputs).Select(part.Intercept).ToArray(), part.Outputs);
}
