using Microsoft.ML;

namespace MlnetClip;

/// <summary>An estimator that accepts separate validation data.</summary>
public interface IValidatedEstimator
{
    /// <summary>Trains on one set of rows and validates on another, as the estimator's own method of that name does.</summary>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">The validation data, by which the best epoch is chosen.</param>
    ITransformer Fit(IDataView trainData, IDataView validationData);
}
