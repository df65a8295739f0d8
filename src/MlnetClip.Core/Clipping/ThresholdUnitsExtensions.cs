using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Conversion of thresholds to the mean loss, and the names of the units in text forms.</summary>
internal static class ThresholdUnitsExtensions
{
    /// <summary>The divisor of a threshold in these units in a step.</summary>
    public static double Divisor(this ThresholdUnits units, in ClippingStep step) => units switch
    {
        ThresholdUnits.SumOverSteps => step.LossTerms,
        ThresholdUnits.SumOverBatch => step.BatchSize,
        _ => 1,
    };

    /// <summary>The names in text forms, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetValues<ThresholdUnits>().Select(Name));

    /// <summary>The option in a text form, empty for the default.</summary>
    public static string Option(this ThresholdUnits units) => units == ThresholdUnits.MeanLoss ? "" : $",units={Name(units)}";

    /// <summary>Reads the option <c>units=...</c>, if there is one.</summary>
    public static ThresholdUnits Units(this SettingArguments arguments) =>
        arguments.Word("units", ThresholdUnits.MeanLoss, [.. Enum.GetValues<ThresholdUnits>().Select(u => (Name(u), u))]);

    /// <summary>The conversion in words, empty where there is nothing to convert.</summary>
    public static string Words(this ThresholdUnits units, in ClippingStep step) => units switch
    {
        ThresholdUnits.SumOverSteps => $" for the loss summed over {step.LossTerms} steps: divided by {step.LossTerms} for the mean loss",
        ThresholdUnits.SumOverBatch => $" for the loss summed over the batch: divided by the size of the batch ({step.BatchSize} for a full one) for the mean loss",
        ThresholdUnits.PerSample => " per sample: the same number for the mean loss",
        _ => "",
    };

    private static string Name(ThresholdUnits units) => units switch
    {
        ThresholdUnits.MeanLoss => "mean-loss",
        ThresholdUnits.SumOverSteps => "sum-over-steps",
        ThresholdUnits.SumOverBatch => "sum-over-batch",
        ThresholdUnits.PerSample => "per-sample",
        _ => throw new ArgumentOutOfRangeException(nameof(units), units, "Not a threshold unit."),
    };
}
