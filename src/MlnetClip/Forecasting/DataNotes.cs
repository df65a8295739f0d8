using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;
using static System.FormattableString;

namespace MlnetClip.Forecasting;

/// <summary>Warnings about the training rows, as sentences for the log.</summary>
/// <param name="subject">The column as the beginning of a sentence, for example <c>Column 'Load'</c>.</param>
/// <param name="isSingle">Whether the column's type is Single.</param>
/// <param name="series">Training and validation rows.</param>
/// <param name="cut">The first validation row.</param>
internal sealed class DataNotes(string subject, bool isSingle, Series series, int cut)
{
    /// <summary>Spacing of the type's numbers, as a share of the typical deviation, above which digits count as lost.</summary>
    private const double CoarseShare = 0.01;

    /// <summary>Readings above this share of the rows are not extreme but usual.</summary>
    private const double LargestExtremeShare = 0.1;

    /// <summary>How much smaller the scale must be without the extreme rows for them to matter.</summary>
    private const double MatteringFactor = 1.5;

    /// <summary>Scales that differ by more than this do not fit each other.</summary>
    private const double WarmStartFactor = 10;

    private const int MostRowsNamed = 10;

    private readonly string _type = isSingle ? "Single" : "Double";

    /// <summary>The warnings about the rows, and about the scale of a model to start from.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="learned">The scaling that the training rows have by themselves.</param>
    /// <param name="start">The scaling of the model to start from; null without one.</param>
    public IReadOnlyList<string> Warnings(LstmForecastingTrainer.Options options, SeriesScaler learned, SeriesScaler? start)
    {
        Deviations deviations = Deviations.Of(series, series.Length, options.WindowSize, options.CancellationToken);
        return [.. new[] { Rounded(deviations.Typical), Extreme(deviations, options, learned), Unfit(learned, start) }.OfType<string>()];
    }

    /// <summary>What takes the rows of a view out of time order; null where nothing is known to.</summary>
    public static string? Disturbed(string column, IDataView data) => RowOrder.DisturbedBy(data) is { } method
        ? $"The rows of column '{column}' must be in time order, but they come from {method}: adjacent rows are not adjacent in time, so forecasts are meaningless."
            + $"{Environment.NewLine}Hint: use the rows in their original order; mlContext.Data.SplitByTime splits them in order."
        : null;

    /// <summary>What is wrong with a column whose training rows all have one value.</summary>
    public string Constant()
    {
        double value = series[series.FirstObserved], spacing = Spacing(value);
        string hint = isSingle && spacing > 1e-3
            ? Invariant($"numbers of type Single are {spacing:R} apart there, so smaller changes are lost: load the column as Double")
            : "a constant series needs no model; check the name of the column";
        return Invariant($"{subject} must vary, but all its values in the training rows are {value:R}.{Environment.NewLine}Hint: {hint}.");
    }

    private string? Rounded(double typical)
    {
        double largest = 0;
        bool whole = true;
        foreach (double value in series.Filled(series.FirstObserved, series.Length - series.FirstObserved))
        {
            largest = Math.Max(largest, Math.Abs(value));
            whole &= Math.Floor(value) == value;
        }

        double spacing = Spacing(largest);
        if (typical == 0 || spacing <= CoarseShare * typical || (whole && spacing <= 1)) return null;
        string hint = isSingle
            ? "load the column as Double, which keeps them; the level is subtracted in double precision."
            : "subtract the level from the column before it is loaded.";
        return Invariant($"{subject} loses digits: it has values as large as {largest:G6}, where numbers of type {_type} are {spacing:G3} apart, but adjacent rows differ by only about {typical:G3}.")
            + $"{Environment.NewLine}Hint: {hint}";
    }

    private string? Extreme(Deviations deviations, LstmForecastingTrainer.Options options, SeriesScaler learned)
    {
        IReadOnlyList<int> rows = deviations.ExtremeRows;
        int observed = series.CountObserved(0, series.Length);
        if (rows.Count == 0 || rows.Count > LargestExtremeShare * observed) return null;
        string named = string.Join(", ", rows.Take(MostRowsNamed).Select(row => Invariant($"row {row} is {series[row]:G9}")))
            + (rows.Count > MostRowsNamed ? Invariant($" and {rows.Count - MostRowsNamed} more") : "");
        string found = Invariant($"{subject} has {rows.Count} extreme {(rows.Count == 1 ? "value" : "values")}, more than {Deviations.Limit} typical deviations of {deviations.Typical:G3} from the rows around {(rows.Count == 1 ? "it" : "them")} (rows counted from 0): {named}.");
        if (options.Scaling == SeriesScaling.Robust) return $"{found} Robust scaling treats such values as missing.";
        double without = SeriesScaler.Learn(options.Scaling, Without(rows), cut, options.WindowSize, options.SeasonLength ?? 0, options.CancellationToken).Scale;
        if (options.Scaling != SeriesScaling.None)
        {
            if (!(learned.Scale > MatteringFactor * without)) return null;
            found += Invariant($" The scale is {learned.Scale:G3} with and {without:G3} without them.");
        }

        return $"{found}{Environment.NewLine}Hint: mark faulty readings as missing (NaN), or set {nameof(options.Scaling)} to {nameof(SeriesScaling.Robust)}, which treats them as missing.";
    }

    private string? Unfit(SeriesScaler learned, SeriesScaler? start)
    {
        if (start is null) return null;
        double factor = learned.Scale / start.Scale, shift = Math.Abs(learned.Mean - start.Mean) / start.Scale;
        if (factor is <= WarmStartFactor and >= 1 / WarmStartFactor && shift <= WarmStartFactor) return null;
        string difference = factor is <= WarmStartFactor and >= 1 / WarmStartFactor
            ? Invariant($"has a mean of {start.Mean:G6}, but that of these training rows is {learned.Mean:G6}")
            : Invariant($"has a scale of {start.Scale:G3}, but that of these training rows is {learned.Scale:G3}");
        return $"The starting model does not match {char.ToLowerInvariant(subject[0])}{subject[1..]}: it {difference}, and a warm start keeps that of the model."
            + $"{Environment.NewLine}Hint: convert the column to the unit that the model was trained on, or train without a starting model.";
    }

    private Series Without(IReadOnlyList<int> rows)
    {
        var values = new double[series.Length];
        for (int row = 0; row < values.Length; row++) values[row] = series.IsObserved(row) ? series[row] : double.NaN;
        foreach (int row in rows) values[row] = double.NaN;
        return new Series(values);
    }

    private double Spacing(double value) => isSingle
        ? MathF.BitIncrement((float)Math.Abs(value)) - (float)Math.Abs(value)
        : Math.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
