namespace MlnetClip;

/// <summary>How a series is scaled for the network: what is subtracted from a window before it is divided by the scale learned in training. Each series has a scale of its own.</summary>
public enum SeriesScaling
{
    /// <summary>
    /// The window's last value is subtracted from the window and its targets, so that the network reads and forecasts changes
    /// from the present. Follows a trend beyond the range of the training data. The scale is the root mean square of what is left
    /// of the training windows.
    /// </summary>
    RelativeToLast,

    /// <summary>The mean of the training part is subtracted; the scale is its standard deviation. For series that stay in their range.</summary>
    Standardize,

    /// <summary>Nothing is subtracted and the scale is 1: for data that is already scaled.</summary>
    None,

    /// <summary>
    /// The window's median is subtracted from the window and its targets; the scale is 1.4826 times the median distance of the training
    /// rows from the median of the rows around them. Values more than 20 scales from the median are treated as missing, in training and
    /// in prediction: for series with faulty readings. Follows a trend like <see cref="RelativeToLast"/>.
    /// </summary>
    Robust,

    /// <summary>
    /// The window's mean is subtracted from the window and its targets, and both are divided by the window's standard deviation (reversible
    /// instance normalization, Kim et al. 2022, without learned weights), but at least by 0.05 times the typical deviation of training windows.
    /// For series whose variance changes with their level.
    /// </summary>
    PerWindow,

    /// <summary>
    /// The value one season before is subtracted from each value, for a target that of the last season before the window's end; the scale
    /// is the root mean square of the change over a season. Needs <see cref="LstmForecastingTrainer.Options.SeasonLength"/>, and reads that many rows before the window.
    /// </summary>
    SeasonalDifference,
}
