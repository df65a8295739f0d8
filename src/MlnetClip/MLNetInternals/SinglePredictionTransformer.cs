using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>The transformer with the internal interface by which permutation feature importance finds it in a chain.</summary>
internal sealed class SinglePredictionTransformer : LstmPredictionTransformer, ISingleFeaturePredictionTransformer
{
    public SinglePredictionTransformer(
        IHostEnvironment environment, string featureColumnName, DataViewType featureColumnType, LstmModelParameters model, LstmTrainingReport training)
        : base(environment, featureColumnName, featureColumnType, model, training)
    {
    }
}
