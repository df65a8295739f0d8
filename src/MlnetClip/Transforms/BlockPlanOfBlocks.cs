using Microsoft.ML;

namespace MlnetClip.Transforms;

/// <summary>See <see cref="BlockPlan"/>.</summary>
/// <param name="name">The transform, as users name it.</param>
/// <param name="columns">The columns of the output.</param>
/// <param name="always">The columns of the input that every cursor reads.</param>
/// <param name="open">Opens the blocks.</param>
internal sealed class BlockPlan<TBlocks>(
    string name, IReadOnlyList<BlockColumn<TBlocks>> columns, IEnumerable<DataViewSchema.Column> always, Func<DataViewRowCursor, RowSet, TBlocks> open) : BlockPlan
    where TBlocks : IRowBlocks
{
    private readonly DataViewSchema.Column[] _always = [.. always];

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; } = Build(columns);

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsFor(bool[] active) =>
        _always.Concat(columns.Where((_, i) => active[i]).SelectMany(column => column.Inputs)).DistinctBy(column => column.Index);

    /// <inheritdoc/>
    public override (IRowBlocks Blocks, Delegate?[] Getters) Open(DataViewRowCursor input, bool[] active)
    {
        var rows = new RowSet(input);
        TBlocks blocks = open(input, rows);
        return (blocks, [.. columns.Select((column, i) => active[i] ? column.Open(rows, blocks) : null)]);
    }

    private static DataViewSchema Build(IReadOnlyList<BlockColumn<TBlocks>> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (BlockColumn<TBlocks> column in columns) builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }
}
