using Microsoft.ML;

namespace MlnetClip;

/// <summary>An estimator that can be given the rows that choose its best epoch.</summary>
public interface IValidatedEstimator
{
    /// <summary>Trains on one set of rows and validates on another, as the estimator's own method of that name does.</summary>
    /// <param name="trainData">Rows to learn from.</param>
    /// <param name="validationData">Rows to choose the best epoch by; none of them is learned from.</param>
    ITransformer Fit(IDataView trainData, IDataView validationData);
}
