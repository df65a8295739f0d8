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

    /// <summary>
    /// As <see cref="Automatic"/>, and a second network is trained without a linear part: the validation rows decide between the linear part alone, both, and the network alone. It takes
    /// twice as long and needs validation rows. A warm start keeps what the starting model has. Not for studies, which compare losses of one kind.
    /// </summary>
    Compare,
}
