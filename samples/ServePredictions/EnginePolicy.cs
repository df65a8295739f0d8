using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace ServePredictions;

/// <summary>Makes the prediction engines of a pool. An engine serves one request at a time; all of them share one model.</summary>
internal sealed class EnginePolicy(MLContext mlContext, ITransformer model) : PooledObjectPolicy<PredictionEngine<Image, Digit>>
{
    public override PredictionEngine<Image, Digit> Create() => mlContext.Model.CreatePredictionEngine<Image, Digit>(model);

    public override bool Return(PredictionEngine<Image, Digit> obj) => true;
}
