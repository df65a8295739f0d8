namespace MlnetClip.Persistence;

/// <summary>Checks the clipping figures of a saved model: each against its range and against the others.</summary>
internal static class SavedSummary
{
    private const string Owner = "Training.ClippingSummary";
    private const int MostEvents = 16;

    /// <summary>Throws for the first field that cannot be right.</summary>
    /// <param name="summary">The figures, as they were read.</param>
    /// <param name="timeSteps">T of the sequences that the model was trained on; null where they varied.</param>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public static void Check(ClippingSummary? summary, int? timeSteps)
    {
        SavedField.NotNull(Owner, summary);
        CheckTexts(summary);
        CheckCounts(summary);
        CheckNorms(summary, timeSteps);
        IReadOnlyList<NonFiniteEvent> events = SavedField.Items($"{Owner}.FirstEvents", summary.FirstEvents);
        SavedField.InRange($"{Owner}.FirstEvents.Count", events.Count, 0, MostEvents);
        foreach (NonFiniteEvent occurrence in events)
        {
            SavedField.InRange($"{Owner}.FirstEvents.Step", occurrence.Step, 0);
            SavedField.InRange($"{Owner}.FirstEvents.Epoch", occurrence.Epoch, 0); // version 0.1 counted from 0
            SavedField.InRange($"{Owner}.FirstEvents.Layer", occurrence.Layer, 0);
            SavedField.NotNull($"{Owner}.FirstEvents.Parameter", occurrence.Parameter);
            if (occurrence.Outcome is { } outcome) SavedField.Defined($"{Owner}.FirstEvents.Outcome", outcome);
        }
    }

    private static void CheckTexts(ClippingSummary summary)
    {
        SavedField.NotNull($"{Owner}.Clipping", summary.Clipping);
        SavedField.NotNull($"{Owner}.Optimizer", summary.Optimizer);
        if (!NonFinitePolicy.TryParse(SavedField.NotNull($"{Owner}.Policy", summary.Policy), out _))
            throw SavedField.Wrong($"{Owner}.Policy", "must be the text form of a policy", $"'{summary.Policy}'");
        SavedField.Items($"{Owner}.Cells", summary.Cells);
        SavedField.Items($"{Owner}.Inside", summary.BackpropClipping);
        SavedField.Items($"{Owner}.Rules", summary.Rules);
        SavedField.Items($"{Owner}.States", summary.States);
    }

    private static void CheckCounts(ClippingSummary summary)
    {
        SavedField.InRange($"{Owner}.Steps", summary.Steps, 0);
        SavedField.InRange($"{Owner}.FiniteSteps", summary.FiniteSteps, 0, summary.Steps);
        SavedField.InRange($"{Owner}.ClippedSteps", summary.ClippedSteps, 0, summary.FiniteSteps);
        SavedField.InRange($"{Owner}.RescaledSteps", summary.RescaledSteps, 0, summary.ClippedSteps);
        SavedField.InRange($"{Owner}.SkippedSteps", summary.SkippedSteps, 0, summary.Steps);
        SavedField.InRange($"{Owner}.ZeroedSteps", summary.ZeroedSteps, 0, summary.NonFiniteSteps);
        SavedField.InRange($"{Owner}.RollBacks", summary.RollBacks, 0, summary.NonFiniteSteps - summary.ZeroedSteps);
        SavedField.InRange($"{Owner}.RefusedSteps", summary.RefusedSteps, 0, summary.FiniteSteps);
        SavedField.InRange($"{Owner}.Elements", summary.Elements, 0);
        IReadOnlyList<long> inForce = SavedField.NotNull($"{Owner}.StepsInForce", summary.StepsInForce);
        if (inForce.Count != 0 && inForce.Count != summary.Rules.Count)
            throw SavedField.Wrong($"{Owner}.StepsInForce", $"must have {summary.Rules.Count} numbers, or none", $"{inForce.Count} long");
        foreach (long steps in inForce) SavedField.InRange($"{Owner}.StepsInForce", steps, 0, summary.Steps);
    }

    private static void CheckNorms(ClippingSummary summary, int? timeSteps)
    {
        SavedField.InRangeOrNaN($"{Owner}.LearningRate", summary.LearningRate, 0);
        SavedField.InRange($"{Owner}.ShareOfElementsClamped", summary.ShareOfElementsClamped, 0, 1);
        SavedField.InRange($"{Owner}.ShareLimitedInside", summary.ShareLimitedInside, 0, 1);
        SavedField.InRange($"{Owner}.MeanReduction", summary.MeanReduction, 0);
        SavedField.InRangeOrNaN($"{Owner}.NormMean", summary.NormMean, 0);
        SavedField.InRangeOrNaN($"{Owner}.NormMeanAfter", summary.NormMeanAfter, 0);
        SavedField.InRange($"{Owner}.NormMax", summary.NormMax, 0);
        CheckList($"{Owner}.NormQuantiles", summary.NormQuantiles, ClippingSummary.QuantileShares.Count);
        CheckList($"{Owner}.TimeStepNorms", summary.TimeStepNorms, timeSteps);
    }

    private static void CheckList(string field, IReadOnlyList<double>? numbers, int? length)
    {
        SavedField.NotNull(field, numbers);
        if (numbers.Count != 0 && length is not null && numbers.Count != length) throw SavedField.Wrong(field, $"must have {length} numbers, or none", $"{numbers.Count} long");
        foreach (double number in numbers) SavedField.InRangeOrNaN(field, number, 0);
    }
}
