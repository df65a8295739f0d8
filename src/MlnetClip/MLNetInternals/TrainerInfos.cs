using Microsoft.ML;

namespace MlnetClip.MLNetInternals;

/// <summary>What Microsoft.ML asks of a trainer before it trains; the constructor is internal.</summary>
internal static class TrainerInfos
{
    /// <summary>A trainer that normalises inside the model, needs no calibration and reads the data once.</summary>
    /// <param name="supportsValidation">Whether it takes validation data.</param>
    public static TrainerInfo Create(bool supportsValidation) =>
        new(normalization: false, calibration: false, caching: false, supportValid: supportsValidation);
}
