using Microsoft.ML;

namespace MlnetClip;

/// <summary>What a report shows beyond the training record of the model.</summary>
public sealed class ReportOptions
{
    /// <summary>
    /// Rows on which the model is evaluated: forecasts beside actual values, a confusion matrix, an ROC curve or residuals, as the task needs. For a forecaster the
    /// rows of each series in time order. Default: null for no evaluation, which the report says.
    /// </summary>
    public IDataView? EvaluationData { get; set; }

    /// <summary>For a forecaster, the first row of <see cref="EvaluationData"/>, counted from 0, whose forecast is evaluated: the first row that was not used for training. 0 or more. Default: 0.</summary>
    public int FirstRow { get; set; }

    /// <summary>
    /// For a forecaster, the column of <see cref="EvaluationData"/> with the times of the rows, of type DateTime or DateTimeOffset, which the chart of the forecasts then shows instead of
    /// row numbers. Default: null for the time column that the forecaster reads, if it reads one.
    /// </summary>
    public string? TimeColumnName { get; set; }

    /// <summary>For a forecaster with a time column, or with <see cref="TimeColumnName"/>, the first time whose forecast is evaluated. Default: null to go by <see cref="FirstRow"/> alone.</summary>
    public DateTime? FirstTime { get; set; }

    /// <summary>For a forecaster, the season in rows for the naive forecasts that it is compared with, 1 or more. Default: 1.</summary>
    public int Season { get; set; } = 1;

    /// <summary>For models over sequences, the column with the true labels of <see cref="EvaluationData"/>, as the trainer read it: behind a chain's <c>MapValueToKey</c>, its output column. Default: Label.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The heading of the report. Default: null for one that names the task.</summary>
    public string? Title { get; set; }
}
