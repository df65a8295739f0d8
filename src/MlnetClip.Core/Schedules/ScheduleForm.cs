namespace MlnetClip.Schedules;

/// <summary>The form of a <see cref="Schedule"/>.</summary>
internal enum ScheduleForm
{
    /// <summary>The factor 1 throughout.</summary>
    Unchanged,

    /// <summary>One value throughout.</summary>
    Constant,

    /// <summary>From one value to another in equal increments.</summary>
    Linear,

    /// <summary>From one value to another along half a cosine.</summary>
    Cosine,

    /// <summary>From one value to another by equal factors.</summary>
    Exponential,

    /// <summary>Multiplied by a factor after every epoch.</summary>
    Decay,

    /// <summary>From 1 to a floor along half a cosine, again and again, each time over more steps or epochs.</summary>
    Restarts,

    /// <summary>Up to 1 and down again, each along half a cosine, over the whole fit.</summary>
    OneCycle,

    /// <summary>Multiplied by a factor when the validation loss no longer decreases.</summary>
    Plateau,

    /// <summary>From 1 to a floor along half a cosine over the whole fit.</summary>
    CosineToEnd,

    /// <summary>Multiplied by a factor every few epochs.</summary>
    StepDecay,

    /// <summary>A multiple of a mean that is measured over the first steps.</summary>
    Measured,
}
