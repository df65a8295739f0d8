using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Models;

/// <summary>The columns that a forecaster reads, as its model names them.</summary>
internal static class ModelColumns
{
    public static SeriesColumns Of(LstmForecastingTransformer model) => new(
        model.TargetColumnNames, model.PastCovariateColumnNames, model.FutureCovariateColumnNames, model.StaticCovariateColumnNames, model.TimeColumnName, model.GroupColumnName);
}
