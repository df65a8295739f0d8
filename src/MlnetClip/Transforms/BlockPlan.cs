using Microsoft.ML;

namespace MlnetClip.Transforms;

/// <summary>What a transform makes of the rows of a schema: its columns, and the blocks that they are read from.</summary>
internal abstract class BlockPlan
{
    /// <summary>The transform, as users name it.</summary>
    public abstract string Name { get; }

    /// <summary>The columns of the output.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>The columns of the input that active columns of the output need.</summary>
    public abstract IEnumerable<DataViewSchema.Column> InputsFor(bool[] active);

    /// <summary>Opens the blocks of a cursor, and a getter for each active column.</summary>
    public abstract (IRowBlocks Blocks, Delegate?[] Getters) Open(DataViewRowCursor input, bool[] active);
}
