using MlnetClip.Forecasting;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>Which columns of scored data are evaluated, from which row on, and against which season.</summary>
public sealed class ForecastEvaluationOptions
{
    /// <summary>The series, a column of type Single or Double; NaN where a value is missing. Required.</summary>
    public string LabelColumnName { get; set; } = "";

    /// <summary>The forecasts: at each row a vector of known size of type Single or Double, the values of the next rows of the same series. Required.</summary>
    public string ScoreColumnName { get; set; } = "";

    /// <summary>The columns of quantiles by their level, which is above 0 and below 1; of the same size as the forecasts. Default: none.</summary>
    public IDictionary<float, string> QuantileColumnNames { get; set; } = new Dictionary<float, string>();

    /// <summary>The column of lower bounds, of the same size as the forecasts. Default: null for none.</summary>
    public string? ConfidenceLowerBoundColumn { get; set; }

    /// <summary>The column of upper bounds; see <see cref="ConfidenceLowerBoundColumn"/>. Default: null for none.</summary>
    public string? ConfidenceUpperBoundColumn { get; set; }

    /// <summary>The series that a row belongs to, a column of type Text, key, whole number or Boolean. Default: null for a single series.</summary>
    public string? GroupColumnName { get; set; }

    /// <summary>The time of a row, a column of type DateTime or DateTimeOffset; only read for <see cref="FirstTime"/>. Default: null for none.</summary>
    public string? TimeColumnName { get; set; }

    /// <summary>
    /// The first row of the data, counted from 0 over all series, whose forecast is evaluated: the first row that was not used for training. Forecasts of the rows
    /// before it are not computed. 0 or more. Default: 0.
    /// </summary>
    public int FirstRow { get; set; }

    /// <summary>
    /// The first time whose forecast is evaluated, for series that are stored one after the other; needs <see cref="TimeColumnName"/>. Default: null to go by <see cref="FirstRow"/> alone.
    /// </summary>
    public DateTime? FirstTime { get; set; }

    /// <summary>The season in rows, for the seasonal baselines and MASE, for example 52 for weekly rows with a yearly pattern; 1 or more. Default: 1.</summary>
    public int Season { get; set; } = 1;

    /// <summary>The columns of a trained forecaster: those of one of its targets, with its quantiles, bounds, series and times.</summary>
    /// <param name="forecaster">The forecaster.</param>
    /// <param name="targetColumnName">The target; null for the first one.</param>
    /// <exception cref="ArgumentException">The forecaster has no such target.</exception>
    public static ForecastEvaluationOptions Of(LstmForecastingTransformer forecaster, string? targetColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        int target = targetColumnName is null ? 0 : forecaster.TargetColumnNames.ToList().IndexOf(targetColumnName);
        if (target < 0)
            throw new ArgumentException($"targetColumnName must be one of {string.Join(", ", forecaster.TargetColumnNames.Select(name => $"'{name}'"))}, but was '{targetColumnName}'.", nameof(targetColumnName));
        ForecastOutput[] outputs = [.. forecaster.Outputs.Where(output => output.Target == target)];
        string? lower = outputs.FirstOrDefault(output => output.Kind == ForecastValue.LowerBound)?.Column;
        string? upper = outputs.FirstOrDefault(output => output.Kind == ForecastValue.UpperBound)?.Column;
        return new ForecastEvaluationOptions
        {
            LabelColumnName = forecaster.TargetColumnNames[target],
            ScoreColumnName = outputs.First(output => output.Kind == ForecastValue.Value).Column,
            QuantileColumnNames = outputs.Where(output => output.Kind == ForecastValue.Quantile).ToDictionary(output => forecaster.Model.Quantiles[output.Quantile], output => output.Column),
            ConfidenceLowerBoundColumn = upper is null ? null : lower, // a single bound is not an interval
            ConfidenceUpperBoundColumn = lower is null ? null : upper,
            GroupColumnName = forecaster.Columns.Group,
            TimeColumnName = forecaster.Columns.Time,
        };
    }

    /// <summary>A copy.</summary>
    internal ForecastEvaluationOptions Copy() => (ForecastEvaluationOptions)MemberwiseClone();

    /// <summary>Checks all options and reports every error together.</summary>
    internal void Validate()
    {
        var errors = new OptionErrors(nameof(ForecastEvaluationOptions));
        if (string.IsNullOrEmpty(LabelColumnName)) errors.Add(nameof(LabelColumnName), "must name a column", "empty");
        if (string.IsNullOrEmpty(ScoreColumnName)) errors.Add(nameof(ScoreColumnName), "must name a column", "empty");
        errors.Check(new OptionRange(nameof(FirstRow), 0), FirstRow);
        errors.Check(new OptionRange(nameof(Season), 1), Season);
        if (QuantileColumnNames is null) errors.Add(nameof(QuantileColumnNames), "must be set, to an empty dictionary for no quantiles", "null");
        foreach (float level in QuantileColumnNames?.Keys ?? [])
            if (!(level > 0 && level < 1)) errors.Add(nameof(QuantileColumnNames), "must have levels above 0 and below 1", FormattableString.Invariant($"{level}"));
        if (ConfidenceLowerBoundColumn is null != ConfidenceUpperBoundColumn is null)
            errors.Add(nameof(ConfidenceUpperBoundColumn), $"must be set with {nameof(ConfidenceLowerBoundColumn)} and only with it", ConfidenceUpperBoundColumn is null ? "null" : $"'{ConfidenceUpperBoundColumn}'");
        if (FirstTime is not null && TimeColumnName is null) errors.Add(nameof(FirstTime), $"must be null without {nameof(TimeColumnName)}", FormattableString.Invariant($"{FirstTime:yyyy-MM-dd HH:mm:ss}"));
        errors.ThrowIfAny();
    }
}
