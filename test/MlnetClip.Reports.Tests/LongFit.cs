namespace MlnetClip.Reports.Tests;

/// <summary>The trace of a long fit, as a training loop would have recorded it.</summary>
internal static class LongFit
{
    public static TrainingTrace Trace(int steps, int spike)
    {
        int each = 1;
        while ((steps + each - 1) / each > TrainingTrace.MostSpans) each *= 2;
        var random = new Random(1);
        var spans = new List<StepSpan>();
        for (long first = 0; first < steps; first += each)
        {
            double norm = 0.3 + random.NextDouble();
            long count = Math.Min(each, steps - first);
            bool spiked = first <= spike && spike < first + count;
            spans.Add(new StepSpan(first, count)
            {
                FiniteSteps = count - (first % 5 == 0 ? 1 : 0), ClippedSteps = count / 10, Loss = new FigureRange(0.1 * norm, 0.2, 0.2 + norm), NormBefore = new FigureRange(0.1 * norm, norm, spiked ? 12345 : 2 * norm),
                NormAfter = new FigureRange(0.1, Math.Min(norm, 1), 1), Threshold = new FigureRange(1, 1, 1), LearningRate = new FigureRange(0.001, 0.002, 0.003), PartNorms = [norm, norm / 2],
            });
        }

        return new TrainingTrace(spans, [new GradientPart("layer 0", "f"), new GradientPart("head", "")], new NormHistogram([0.1, 1, 12345], [steps - 1, 1], 0));
    }
}
