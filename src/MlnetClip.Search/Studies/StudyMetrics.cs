using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// The metrics of Microsoft.ML's evaluators by their names, for <see cref="ClippingStudyOptions.Metric"/>: what the label column holds decides the task. Lower is better in a
/// study, so a metric whose best value is 1 is subtracted from 1.
/// </summary>
public static class StudyMetrics
{
    private delegate double Read<in T>(T metrics);

    private static readonly Dictionary<string, Read<RegressionMetrics>> s_regression = new()
    {
        [nameof(RegressionMetrics.MeanAbsoluteError)] = metrics => metrics.MeanAbsoluteError,
        [nameof(RegressionMetrics.MeanSquaredError)] = metrics => metrics.MeanSquaredError,
        [nameof(RegressionMetrics.RootMeanSquaredError)] = metrics => metrics.RootMeanSquaredError,
        [nameof(RegressionMetrics.LossFunction)] = metrics => metrics.LossFunction,
        [nameof(RegressionMetrics.RSquared)] = metrics => 1 - metrics.RSquared,
    };

    private static readonly Dictionary<string, Read<CalibratedBinaryClassificationMetrics>> s_binary = new()
    {
        [nameof(BinaryClassificationMetrics.Accuracy)] = metrics => 1 - metrics.Accuracy,
        [nameof(BinaryClassificationMetrics.AreaUnderRocCurve)] = metrics => 1 - metrics.AreaUnderRocCurve,
        [nameof(BinaryClassificationMetrics.AreaUnderPrecisionRecallCurve)] = metrics => 1 - metrics.AreaUnderPrecisionRecallCurve,
        [nameof(BinaryClassificationMetrics.F1Score)] = metrics => 1 - metrics.F1Score,
        [nameof(BinaryClassificationMetrics.PositivePrecision)] = metrics => 1 - metrics.PositivePrecision,
        [nameof(BinaryClassificationMetrics.PositiveRecall)] = metrics => 1 - metrics.PositiveRecall,
        [nameof(BinaryClassificationMetrics.NegativePrecision)] = metrics => 1 - metrics.NegativePrecision,
        [nameof(BinaryClassificationMetrics.NegativeRecall)] = metrics => 1 - metrics.NegativeRecall,
        [nameof(CalibratedBinaryClassificationMetrics.LogLoss)] = metrics => metrics.LogLoss,
        [nameof(CalibratedBinaryClassificationMetrics.LogLossReduction)] = metrics => 1 - metrics.LogLossReduction,
    };

    private static readonly Dictionary<string, Read<MulticlassClassificationMetrics>> s_multiclass = new()
    {
        [nameof(MulticlassClassificationMetrics.MicroAccuracy)] = metrics => 1 - metrics.MicroAccuracy,
        [nameof(MulticlassClassificationMetrics.MacroAccuracy)] = metrics => 1 - metrics.MacroAccuracy,
        [nameof(MulticlassClassificationMetrics.LogLoss)] = metrics => metrics.LogLoss,
        [nameof(MulticlassClassificationMetrics.LogLossReduction)] = metrics => 1 - metrics.LogLossReduction,
    };

    private static readonly Dictionary<string, Read<SequenceLabelingMetrics>> s_labeling = new()
    {
        [nameof(SequenceLabelingMetrics.MicroAccuracy)] = metrics => 1 - metrics.MicroAccuracy,
        [nameof(SequenceLabelingMetrics.MacroAccuracy)] = metrics => 1 - metrics.MacroAccuracy,
        [nameof(SequenceLabelingMetrics.LogLoss)] = metrics => metrics.LogLoss,
    };

    /// <summary>Every name, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. s_regression.Keys.Union(s_binary.Keys).Union(s_multiclass.Keys).Union(s_labeling.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Creates the function of a metric.</summary>
    /// <param name="mlContext">The context whose evaluators compute it.</param>
    /// <param name="name">
    /// The name of the property of Microsoft.ML's metrics, regardless of case: with a label of type Single one of <see cref="RegressionMetrics"/>, with Boolean one of
    /// <see cref="CalibratedBinaryClassificationMetrics"/>, with a key one of <see cref="MulticlassClassificationMetrics"/>, with a vector of keys one of <see cref="SequenceLabelingMetrics"/>.
    /// </param>
    /// <param name="labelColumnName">The label column of the scored data. The other columns have Microsoft.ML's usual names.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message names the closest.</exception>
    /// <remarks>The function throws an <see cref="ArgumentException"/> if the label's type has no such metric.</remarks>
    public static Func<IDataView, double> ByName(MLContext mlContext, string name, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        string metric = Names.FirstOrDefault(candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(NotKnown(name, "one of Microsoft.ML's metrics", Names), nameof(name));
        return scored =>
        {
            DataViewSchema.Column label = scored.Schema.GetColumnOrNull(labelColumnName)
                ?? throw new ArgumentException($"Could not find label column '{labelColumnName}'.", nameof(labelColumnName));
            return label.Type switch
            {
                BooleanDataViewType => Find(s_binary, metric, label)(mlContext.BinaryClassification.Evaluate(scored, labelColumnName)),
                KeyDataViewType => Find(s_multiclass, metric, label)(mlContext.MulticlassClassification.Evaluate(scored, labelColumnName)),
                VectorDataViewType { ItemType: KeyDataViewType } => Find(s_labeling, metric, label)(mlContext.MulticlassClassification.EvaluateSteps(scored, labelColumnName)),
                _ => Find(s_regression, metric, label)(mlContext.Regression.Evaluate(scored, labelColumnName)),
            };
        };
    }

    private static Read<T> Find<T>(Dictionary<string, Read<T>> metrics, string name, DataViewSchema.Column label) => metrics.TryGetValue(name, out Read<T>? read)
        ? read
        : throw new ArgumentException(NotKnown(name, $"a metric of label column '{label.Name}' of type {label.Type}", metrics.Keys), nameof(name));

    private static string NotKnown(string name, string expected, IEnumerable<string> names)
    {
        string hint = Closest.To(name, names) is { } closest ? $"{Environment.NewLine}Hint: did you mean '{closest}'?" : "";
        return $"The metric must be {expected}, but was '{name}'. Legal names: {string.Join(", ", names)}.{hint}";
    }
}
