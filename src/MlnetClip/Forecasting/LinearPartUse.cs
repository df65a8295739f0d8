namespace MlnetClip;

/// <summary>Whether a forecaster has a linear part, fitted in closed form, whose residual the network learns.</summary>
public enum LinearPartUse
{
    /// <summary>The linear part is fitted first; the validation rows decide how much of the network's output is added, from nothing to all.</summary>
    Automatic,

    /// <summary>No linear part: the network forecasts alone.</summary>
    None,

    /// <summary>The linear part and all of the network's output.</summary>
    Always,
}
