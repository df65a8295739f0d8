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

    /// <summary>From 1 to a floor along half a cosine over the whole fit.</summary>
    CosineToEnd,

    /// <summary>Multiplied by a factor every few epochs.</summary>
    StepDecay,

    /// <summary>A multiple of a mean that is measured over the first steps.</summary>
    Measured,
}
