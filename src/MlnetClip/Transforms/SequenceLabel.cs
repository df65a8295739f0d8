namespace MlnetClip;

/// <summary>Which rows of a group give the label of its sequence.</summary>
public enum SequenceLabel
{
    /// <summary>The last row: one label for each sequence.</summary>
    Last,

    /// <summary>The first row: one label for each sequence.</summary>
    First,

    /// <summary>Every row: a vector with one label for each time step, as sequence labeling needs it.</summary>
    EveryStep,
}
