namespace MlnetClip;

/// <summary>Where the rows of a group are.</summary>
public enum RowGrouping
{
    /// <summary>
    /// Next to each other. One group at a time is held in memory, and the names of the groups that were read; a group that occurs again is an error.
    /// </summary>
    Adjacent,

    /// <summary>Anywhere in the data. All rows are held in memory while a cursor is open; groups come in the order of their first rows.</summary>
    AnyOrder,
}
