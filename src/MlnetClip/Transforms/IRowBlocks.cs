namespace MlnetClip.Transforms;

/// <summary>Reads rows and makes blocks of them: groups or windows.</summary>
internal interface IRowBlocks
{
    /// <summary>Reads the rows of the next block; false when there is none.</summary>
    bool MoveNext();
}
