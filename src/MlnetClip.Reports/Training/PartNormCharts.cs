using MlnetClip.Reports.Page;

namespace MlnetClip.Reports.Training;

/// <summary>The norms of the layers and of their gates over time.</summary>
internal static class PartNormCharts
{
    private const string Layers = "Norm by layer", Gates = "Norm by gate";
    private const int Columns = 160;

    public static IEnumerable<ReportBlock> Of(LstmTrainingReport report)
    {
        if (report.Trace is not { Spans.Count: > 0 } trace)
            return [new MissingBlock(Layers, "not recorded, because the model was loaded from a file, which keeps figures by epoch only.")];
        if (trace.Parts.Count == 0) return [new MissingBlock(Layers, $"not recorded, because the model has more than {TrainingTrace.MostParts} layers.")];
        return [ByLayer(trace), ByGate(trace)];
    }

    private static ReportBlock ByLayer(TrainingTrace trace)
    {
        var steps = new StepSeries(trace);
        Figure figure = new Figure("Training step", "Norm before clipping").LogY();
        int next = 0;
        foreach (IGrouping<string, int> layer in Enumerable.Range(0, trace.Parts.Count).GroupBy(i => trace.Parts[i].Layer))
        {
            int[] parts = [.. layer];
            figure.Line(layer.Key, steps.Steps, steps.Of(span => Norm(span, parts)), Palette.At(next++), width: 1.3);
        }

        return figure.IsEmpty
            ? new MissingBlock(Layers, "no step had a finite gradient above 0.")
            : new ChartBlock(
                "norm-layers", Layers, "The norm of the gradient of each layer's weights and biases before clipping"
                + $"{(steps.IsExact ? "" : ", as the root mean square of the steps at a point")}. Layer 0 is the first one. A layer far below the others hardly trains.", figure);
    }

    private static ReportBlock ByGate(TrainingTrace trace)
    {
        int[] gates = [.. Enumerable.Range(0, trace.Parts.Count).Where(i => trace.Parts[i].Gate.Length > 0)];
        if (gates.Length == 0)
        {
            return new MissingBlock(Gates, trace.Parts.Count == TrainingTrace.MostParts
                ? "not recorded, because the model has too many gates."
                : "the model's layers have no gates, or too many of them to record.");
        }

        StepSpan[][] columns = [.. trace.Spans.Chunk((trace.Spans.Count + Columns - 1) / Columns)];
        double[][] norms = [.. gates.Select(gate => columns.Select(column => Math.Sqrt(Mean(column, gate))).ToArray())];
        if (!norms.Any(row => row.Any(norm => norm > 0))) return new MissingBlock(Gates, "no step had a finite gradient above 0.");
        return new ChartBlock(
            "norm-gates", Gates, "The norm of each gate's gradient before clipping, over all of its weights and biases. For an LSTM i, f, g and o are the input gate, the forget gate, the new cell content and the output gate.",
            new Figure("Training step", "Gate") { HoverClosest = true }.Grid(
                columns.Select(column => column[0].FirstStep + ((column.Sum(span => span.Steps) - 1) / 2.0)).ToArray(),
                [.. gates.Select(gate => trace.Parts[gate].ToString())],
                [.. norms.Select(row => Array.ConvertAll(row, norm => norm > 0 ? Math.Log10(norm) : double.NaN))],
                "Logarithm (base 10) of the norm", "",
                [.. norms.Select(row => Array.ConvertAll(row, norm => $"norm {Words.Number(norm)}"))]));
    }

    private static double Norm(StepSpan span, int[] parts)
    {
        double sum = 0;
        foreach (int part in parts) sum += span.PartNorms[part] * span.PartNorms[part];
        return sum > 0 ? Math.Sqrt(sum) : double.NaN;
    }

    private static double Mean(StepSpan[] spans, int part)
    {
        double sum = 0;
        long steps = 0;
        foreach (StepSpan span in spans)
        {
            if (span.FiniteSteps == 0) continue;
            sum += span.PartNorms[part] * span.PartNorms[part] * span.FiniteSteps;
            steps += span.FiniteSteps;
        }

        return sum / steps;
    }
}
