namespace MlnetClip.Persistence;

/// <summary>Checks the training report of a saved model: each field against its range and against the others.</summary>
internal static class SavedReport
{
    /// <summary>Throws for the first field that cannot be right.</summary>
    /// <param name="report">The report, as it was read.</param>
    /// <param name="timeSteps">T of the sequences that the model was trained on; null where they varied.</param>
    /// <exception cref="InvalidDataException">A field cannot be right; the message begins with it.</exception>
    public static void Check(LstmTrainingReport? report, int? timeSteps = null)
    {
        SavedField.NotNull("Training", report);
        SavedField.InRange("Training.Rows", report.Rows, 0);
        SavedField.InRange("Training.ValidationRows", report.ValidationRows, 0, report.Rows);
        SavedField.InRange("Training.MissingRows", report.MissingRows, 0);
        SavedField.InRange("Training.TrainingWindows", report.TrainingSequences, 0);
        SavedField.InRange("Training.ValidationWindows", report.ValidationSequences, 0);
        SavedField.InRange("Training.Epochs", report.Epochs, 0);
        SavedField.InRange("Training.BestEpoch", report.BestEpoch, 0, report.Epochs);
        SavedField.InRange("Training.Steps", report.Steps, 0);
        SavedField.Defined("Training.StopReason", report.StopReason);
        SavedField.InRangeOrNaN("Training.TrainingLoss", report.TrainingLoss); // NaN where no step of the last epoch had a finite loss
        if (report.ValidationLoss is { } loss) SavedField.InRange("Training.ValidationLoss", loss, double.NegativeInfinity);
        SavedField.NotNull("Training.LibraryVersion", report.LibraryVersion);
        SavedField.NotNull("Training.MicrosoftMLVersion", report.MicrosoftMLVersion);
        SavedField.NotNull("Training.Options", report.Options);
        foreach ((string name, string value) in report.Options) SavedField.NotNull($"Training.Options.{name}", value);
        if (!report.Options.ContainsKey(nameof(LstmForecastingTrainer.Options.Clipping))) throw SavedField.Wrong("Training.Options.Clipping", "must be set", "missing");
        CheckLinearPart(report.LinearPart);
        CheckHistory(report);
        SavedSummary.Check(report.ClippingSummary, timeSteps);
    }

    private static void CheckLinearPart(LinearPartReport? linear)
    {
        if (linear is null) return;
        SavedField.InRange("Training.LinearPart.NetworkShare", linear.NetworkShare, 0, 1);
        if (linear.IsNetworkAlone || linear.NetworkAloneRatio is not null) SavedField.InRange("Training.LinearPart.NetworkAloneRatio", linear.NetworkAloneRatio ?? double.NaN, 0);
        foreach (LinearPartShare share in SavedField.Items("Training.LinearPart.Forecasts", linear.Forecasts))
        {
            SavedField.Name("Training.LinearPart.Forecasts.Name", share.Name);
            SavedField.InRange("Training.LinearPart.Forecasts.Share", share.Share, 0, 1);
            SavedField.InRange("Training.LinearPart.Forecasts.Penalty", share.Penalty, 0);
            SavedField.InRangeOrNaN("Training.LinearPart.Forecasts.Error", share.Error, 0);
        }
    }

    private static void CheckHistory(LstmTrainingReport report)
    {
        IReadOnlyList<EpochReport> history = SavedField.Items("Training.History", report.History);
        if (history.Count != 0 && history.Count != report.Epochs)
            throw SavedField.Wrong("Training.History", $"must have the reports of {report.Epochs} epochs, or none", $"{history.Count} long");
        for (int i = 0; i < history.Count; i++)
        {
            EpochReport epoch = history[i];
            string field = $"Training.History[{i}]";
            SavedField.InRange($"{field}.{nameof(epoch.Epoch)}", epoch.Epoch, i + 1, i + 1);
            SavedField.InRangeOrNaN($"{field}.{nameof(epoch.TrainLoss)}", epoch.TrainLoss);
            SavedField.InRangeOrNaN($"{field}.{nameof(epoch.LearningRate)}", epoch.LearningRate, 0);
            SavedField.InRangeOrNaN($"{field}.{nameof(epoch.NormMedian)}", epoch.NormMedian, 0);
            SavedField.InRangeOrNaN($"{field}.{nameof(epoch.NormMaximum)}", epoch.NormMaximum, 0);
            SavedField.InRange($"{field}.{nameof(epoch.ShareClipped)}", epoch.ShareClipped, 0, 1);
            SavedField.InRange($"{field}.{nameof(epoch.NonFiniteSteps)}", epoch.NonFiniteSteps, 0);
            SavedField.InRange($"{field}.{nameof(epoch.RefusedSteps)}", epoch.RefusedSteps, 0);
            SavedField.InRangeOrNaN($"{field}.{nameof(epoch.Threshold)}", epoch.Threshold, 0);
        }
    }
}
