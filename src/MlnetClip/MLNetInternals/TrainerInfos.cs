using Microsoft.ML;

namespace MlnetClip.MLNetInternals;

/// <summary>Creates the information that Microsoft.ML reads from a trainer; the constructor is internal.</summary>
internal static class TrainerInfos
{
    /// <summary>A trainer that normalizes inside the model, needs no calibration and reads the data once.</summary>
    /// <param name="supportsValidation">Whether it supports validation data.</param>
    public static TrainerInfo Create(bool supportsValidation) =>
        new(normalization: false, calibration: false, caching: false, supportValid: supportsValidation);
}
