namespace MlnetClip;

/// <summary>Why a study recommends a setting.</summary>
public enum RecommendationBasis
{
    /// <summary>It has the lowest mean loss.</summary>
    LowestLoss,

    /// <summary>It is the middle of the thresholds that do as well as the one with the lowest mean loss.</summary>
    MiddleOfPlateau,

    /// <summary>Training without clipping does as well as the setting with the lowest mean loss.</summary>
    NoClippingDoesAsWell,
}
