using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Transforms;

/// <summary>A column of blocks of rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">Its annotations; null for none.</param>
/// <param name="Inputs">The columns of the rows that it is read from.</param>
/// <param name="Open">Creates its getter.</param>
internal sealed record BlockColumn<TBlocks>(
    string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, IReadOnlyList<DataViewSchema.Column> Inputs, Func<RowSet, TBlocks, Delegate> Open);
