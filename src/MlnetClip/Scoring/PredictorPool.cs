using System.Collections.Concurrent;

namespace MlnetClip.Scoring;

/// <summary>
/// Free predictors of one model, so that a forecast need not allocate their memory again. It holds
/// as many as were ever in use at a time.
/// </summary>
/// <param name="model">The trained model.</param>
internal sealed class PredictorPool(LstmForecastingModelParameters model)
{
    private readonly ConcurrentBag<WindowPredictor> _free = [];

    /// <summary>A predictor for the caller alone.</summary>
    public WindowPredictor Rent() => _free.TryTake(out WindowPredictor? free) ? free : new WindowPredictor(model);

    /// <summary>Gives a predictor back; the caller does not use it any more.</summary>
    public void Return(WindowPredictor predictor) => _free.Add(predictor);
}
