namespace MlnetClip;

/// <summary>Which rows give the label of a window.</summary>
public enum WindowLabel
{
    /// <summary>The last row of the window: one label for each window.</summary>
    Last,

    /// <summary>The rows after the window: one value if the horizon is 1, otherwise a vector with one value for each of them.</summary>
    After,

    /// <summary>Every row of the window: a vector with one label for each time step, as sequence labeling needs it.</summary>
    EveryStep,
}
